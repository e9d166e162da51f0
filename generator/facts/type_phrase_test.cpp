#include "generator/facts/type_phrase.h"

#include <gtest/gtest.h>

namespace ddi::facts {
namespace {

TypeNames names() {
    TypeNames names;
    const auto add = [&](page::PageKind kind, const char* uid, std::vector<std::string> type_names) {
        names.add_page(kind, *parse_uid(uid), type_names, nullptr);
    };
    add(page::PageKind::structure, "NS:ex._SPIN", {"SPIN", "*PSPIN"});
    add(page::PageKind::enumeration, "NE:ex._SPIN_KIND", {"SPIN_KIND"});
    add(page::PageKind::callback, "NC:ex.EVT_SPIN", {});
    add(page::PageKind::callback, "NC:ex.PSPIN_ROUTINE", {});
    add(page::PageKind::interface, "NN:ex.ISpinLock", {});
    Declaration uses;
    for (const char* type : {"ULONG", "ULONG *", "PULONG", "SPINHANDLE", "SPINHANDLE *", "PSPIN_ROUTINE", "NULL"}) {
        DeclaredParameter p;
        p.type = type;
        uses.parameters.push_back(p);
        uses.parameters.push_back(p);
    }
    names.add_declaration(uses);
    return names;
}

std::string read(std::string text) {
    text::Block block;
    block.text = std::move(text);
    const std::vector<text::Block> blocks = {block};
    const auto phrase = read_type_phrase(blocks, names());
    return phrase ? phrase->type() : "";
}

TEST(TypePhrase, Pointers) {
    EXPECT_EQ(read("A pointer to a SPIN structure that describes it."), "SPIN *");
    EXPECT_EQ(read("Supplies a pointer to a caller-allocated _SPIN structure."), "SPIN *");
    EXPECT_EQ(read("[in, optional] Pointer a SPIN structure."), "SPIN *");
    EXPECT_EQ(read("A pointer to a pointer to the SPIN structure."), "SPIN **");
    EXPECT_EQ(read("Address of a variable that receives a pointer to a SPIN structure."), "SPIN **");
    EXPECT_EQ(read("A pointer to a variable of type ULONG."), "ULONG *");
    EXPECT_EQ(read("Pointer to the ISpinLock interface of the object."), "ISpinLock *");
    EXPECT_EQ(read("A pointer to a null-terminated Unicode string."), "WCHAR *");
    EXPECT_EQ(read("An array of SPIN structures."), "SPIN *");
}

TEST(TypePhrase, Values) {
    EXPECT_EQ(read("A ULONG value that counts."), "ULONG");
    EXPECT_EQ(read("One of the following values of the SPIN_KIND enumeration."), "SPIN_KIND");
    EXPECT_EQ(read("A handle to a framework SPINHANDLE object."), "SPINHANDLE");
    EXPECT_EQ(read("A pointer to a location that receives a handle to the new SPINHANDLE object."), "SPINHANDLE *");
}

TEST(TypePhrase, Callbacks) {
    EXPECT_EQ(read("A pointer to the driver's EVT_SPIN callback function."), "EVT_SPIN *");
    EXPECT_EQ(read("A pointer to the PSPIN_ROUTINE routine."), "PSPIN_ROUTINE");  // uses show that it is the pointer
}

TEST(TypePhrase, SaysNothing) {
    EXPECT_EQ(read("The number of SPIN structures."), "");
    EXPECT_EQ(read("A pointer to a buffer. The buffer has a SPIN structure."), "");
    EXPECT_EQ(read("A pointer to a NULL string."), "");
    EXPECT_EQ(read("Reserved."), "");
    EXPECT_EQ(read(""), "");
}

TEST(TypePhrase, TakesTypesApart) {
    const TypeNames known = names();
    using Split = TypeNames::Split;
    EXPECT_EQ(known.split("PSPIN *"), (Split{"SPIN", 2}));
    EXPECT_EQ(known.split("const struct _SPIN *"), (Split{"SPIN", 1}));
    EXPECT_EQ(known.split("IN_CONST_PSPIN"), (Split{"SPIN", 1}));
    EXPECT_EQ(known.split("PULONG"), (Split{"ULONG", 1}));
    EXPECT_EQ(known.split("VOID"), (Split{"void", 0}));
    EXPECT_EQ(known.split("PVOID"), (Split{"PVOID", 0}));  // no declaration of these has it
    EXPECT_EQ(known.split("PSPIN_LOCK"), (Split{"ISpinLock", 1}));
    EXPECT_EQ(known.split("PSPIN_LOCKS"), (Split{"PSPIN_LOCKS", 0}));
    EXPECT_EQ(known.split("PSPINLOCK"), (Split{"ISpinLock", 1}));
    EXPECT_EQ(known.split("PFN_SPIN"), (Split{"EVT_SPIN", 1}));
    EXPECT_EQ(known.split("LPCWSTR", "[2]"), (Split{"WCHAR", 2}));
}

}  // namespace
}  // namespace ddi::facts
