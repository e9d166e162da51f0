#include "generator/model/infer_signatures.h"

#include <gtest/gtest.h>

#include "generator/page/page.h"

namespace ddi::model {
namespace {

/// Pages with bodies, and their declarations.
struct Corpus {
    std::vector<facts::Facts> facts;
    std::vector<std::optional<facts::Declaration>> declarations;
    std::map<std::string, HistoricDeclaration> overlay;

    void add(const std::string& uid, const std::string& body, const std::string& declaration = "", const std::string& keys = "") {
        auto page = page::read_page("ex/" + std::to_string(facts.size()) + ".md", "---\nUID: " + uid + "\n" + keys + "---\n\n" + body);
        facts.push_back(facts::extract_facts(page));
        declarations.emplace_back();
        if (!declaration.empty()) declarations.back() = *facts::parse_declaration(declaration, facts.back().uid.name).declaration;
    }

    std::vector<InferredSignature> infer() {
        std::vector<const facts::Declaration*> declared;
        for (const auto& d : declarations) declared.push_back(d ? &*d : nullptr);
        return infer_signatures(facts, declared, overlay);
    }
};

std::string routine(const std::vector<std::pair<std::string, std::string>>& parameters, const std::string& returns) {
    std::string body = "# X function\n\n## -description\n\nText.\n\n## -parameters\n\n";
    for (const auto& [name, text] : parameters) body += "### -param " + name + "\n\n" + text + "\n\n";
    return returns.empty() ? body : body + "## -returns\n\n" + returns + "\n\n";
}

TEST(InferSignatures, FromTheWordsOfThePageAndTheOtherDeclarations) {
    Corpus corpus;
    corpus.add("NS:ex._SPIN", "# _SPIN structure\n", "typedef struct _SPIN { int a; } SPIN, *PSPIN;");
    for (const char* name : {"Alpha", "Beta", "Gamma", "Delta"}) {
        corpus.add(std::string("NF:ex.") + name, routine({{"Irp", "The request to use."}}, "This function returns NTSTATUS."),
                   std::string("NTSTATUS ") + name + "(PIRP Irp);");
    }
    corpus.add("NF:ex.New",
               routine({{"Irp", "The request to use."}, {"Spin", "A pointer to a SPIN structure."}}, "This function returns NTSTATUS."));
    corpus.add("NF:ex.Unknown", routine({{"Whatever", "Something else."}}, "This function returns NTSTATUS."));
    const auto out = corpus.infer();
    ASSERT_TRUE(out[5].declaration);
    EXPECT_EQ(facts::print_declaration(*out[5].declaration), "NTSTATUS New(PIRP Irp, SPIN *Spin);\n");
    EXPECT_EQ(out[5].cite.origin, facts::Origin::inferred);
    EXPECT_FALSE(out[6].declaration);
    EXPECT_EQ(out[6].missing, "the page names no type for parameter Whatever");
    EXPECT_FALSE(out[1].declaration);  // declared: nothing to infer
    EXPECT_EQ(out[1].missing, "");
}

TEST(InferSignatures, TwinsHaveTheSameParameters) {
    Corpus corpus;
    corpus.add("NC:a.EVT_SPIN", routine({{"Context", "The context."}, {"Count", "How many."}}, ""),
               "typedef void EVT_SPIN(SPINCONTEXT Context, UINT16 Count);");
    corpus.add("NC:b.EVT_SPIN", routine({{"Context", "Reserved."}, {"Count", "Reserved."}}, ""));
    corpus.add("NC:c.EVT_SPIN", routine({{"Context", "Reserved."}, {"Number", "Reserved."}}, ""));
    const auto out = corpus.infer();
    ASSERT_TRUE(out[1].declaration);
    EXPECT_EQ(facts::print_declaration(*out[1].declaration), "typedef void EVT_SPIN(SPINCONTEXT Context, UINT16 Count);\n");
    EXPECT_EQ(out[1].cite.note, "as NC:a.EVT_SPIN, which has the same parameters");
    EXPECT_FALSE(out[2].declaration);
}

TEST(InferSignatures, TwinsThatDisagreeSayNothing) {
    Corpus corpus;
    corpus.add("NC:a.EVT_SPIN", routine({{"Context", "Reserved."}}, ""), "typedef void EVT_SPIN(SPINCONTEXT Context);");
    corpus.add("NC:b.EVT_SPIN", routine({{"Context", "Reserved."}}, ""), "typedef void EVT_SPIN(PVOID Context);");
    corpus.add("NC:c.EVT_SPIN", routine({{"Context", "Reserved."}}, ""));
    EXPECT_FALSE(corpus.infer()[2].declaration);
}

TEST(InferSignatures, TypesOfAnotherHeader) {
    Corpus corpus;
    corpus.add("NE:a._SPIN_KIND", "# _SPIN_KIND enumeration\n\n## -enum-fields\n\n### -field One\n\n### -field Two\n\n",
               "typedef enum _SPIN_KIND { One, Two } SPIN_KIND;");
    corpus.add("NE:b._SPIN_KIND", "# _SPIN_KIND enumeration\n\n## -enum-fields\n\n### -field One\n\n");
    corpus.add("NE:c._SPIN_KIND", "# _SPIN_KIND enumeration\n\n## -enum-fields\n\n### -field Three\n\n");
    const auto out = corpus.infer();
    EXPECT_TRUE(out[1].declaration);
    EXPECT_EQ(out[1].cite.origin, facts::Origin::inferred);
    EXPECT_FALSE(out[2].declaration);
}

TEST(InferSignatures, MethodsOfEveryInterface) {
    Corpus corpus;
    corpus.overlay["nf:*.*.ask"] = {*facts::parse_declaration("HRESULT Ask(REFIID riid, void **object);", "IX.Ask").declaration, {}};
    corpus.overlay["nf:*.*.ask"].cite.origin = facts::Origin::overlay;
    corpus.add("NF:ex.ISpin.Ask", routine({{"iid", "x"}, {"iface", "x"}}, ""));
    corpus.add("NF:ex.ISpin2.Ask", routine({{"iid", "x"}}, ""));
    corpus.add("NF:ex.Spin.Ask", routine({{"iid", "x"}, {"iface", "x"}}, ""));
    const auto out = corpus.infer();
    ASSERT_TRUE(out[0].declaration);
    EXPECT_EQ(facts::print_declaration(*out[0].declaration), "HRESULT Ask(REFIID iid, void **iface);\n");
    EXPECT_EQ(out[0].cite.origin, facts::Origin::overlay);
    EXPECT_FALSE(out[1].declaration);
    EXPECT_FALSE(out[2].declaration);
}

TEST(InferSignatures, APageThatDescribesNothingDeclaresNothing) {
    Corpus corpus;
    for (const char* name : {"Alpha", "Beta", "Gamma", "Delta"})
        corpus.add(std::string("NF:ex.") + name, routine({}, ""), std::string("void ") + name + "(void);");
    corpus.add("NF:ex.Reserved", routine({}, ""));
    const auto out = corpus.infer();
    EXPECT_FALSE(out[4].declaration);
    EXPECT_EQ(out[4].missing, "the page describes neither parameters nor a result");
}

TEST(InferSignatures, MacrosStayMacros) {
    Corpus corpus;
    corpus.add("NF:ex.SPIN_IT", routine({{"Spin", "A ULONG value."}}, "None"), "", "title: SPIN_IT macro (ex.h)\n");
    const auto out = corpus.infer();
    EXPECT_FALSE(out[0].declaration);
    EXPECT_EQ(out[0].missing, "a macro: the page names no types");
}

}  // namespace
}  // namespace ddi::model
