#include "generator/cli/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace ddi::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// Pages in memory.
class Pages : public source::Source {
  public:
    explicit Pages(std::map<std::string, std::string> files) : files_(std::move(files)) {
        for (const auto& [path, bytes] : files_) entries_.push_back({path, {}});
    }
    const std::vector<source::Entry>& entries() const override { return entries_; }
    std::string read(const source::Entry& entry) const override { return files_.at(entry.path); }
    const std::string& name() const override { return name_; }
    const std::string& revision() const override { return name_; }
    std::optional<std::string> licence() const override { return std::nullopt; }

  private:
    std::map<std::string, std::string> files_;
    std::vector<source::Entry> entries_;
    std::string name_ = "memory";
};

std::string page(const std::string& uid, const std::string& declaration) {
    return "---\nUID: " + uid + "\n---\n\n# X\n\n## -syntax\n\n```\n" + declaration + "\n```\n";
}

model::History search(std::vector<std::map<std::string, std::string>> revisions, const std::set<std::string>& wanted,
                      const std::set<std::string>& known) {
    std::vector<source::Revision> list;
    for (auto& files : revisions) {
        std::string label = "r" + std::to_string(list.size());
        list.push_back({label, label, "2018-01-01", std::make_unique<Pages>(std::move(files))});
    }
    Progress quiet(false);
    return find_historic_declarations(list, wanted, known, quiet);
}

TEST(History, TheNewestRevisionThatDeclaresThePageWins) {
    auto history = search({{{"wdm/nf-wdm-kex.md", "---\nUID: NF:wdm.KeX\n---\n"}},
                           {{"wdm/nf-wdm-kex.md", page("NF:wdm.KeX~r1", "VOID KeX(ULONG A);")}},
                           {{"wdm/nf-wdm-kex.md", page("NF:wdm.KeX", "VOID KeX(USHORT A);")}}},
                          {"nf:wdm.kex"}, {"nf:wdm.kex"});
    ASSERT_TRUE(history.contains("nf:wdm.kex"));
    EXPECT_EQ(history["nf:wdm.kex"].declaration.parameters.at(0).type, "ULONG");
    EXPECT_THAT(history["nf:wdm.kex"].cite.note, Not(HasSubstr("when it was")));
}

TEST(History, APageThatMovedToAnotherHeaderKeepsItsDeclaration) {
    std::map<std::string, std::string> old = {
        {"ndis/ns-ndis-_net_x.md", page("NS:ndis._NET_X", "typedef struct _NET_X { ULONG A; } NET_X;")}};
    auto history = search({old}, {"ns:nbl.net_x"}, {"ns:nbl.net_x"});
    ASSERT_TRUE(history.contains("ns:nbl.net_x"));
    EXPECT_THAT(history["ns:nbl.net_x"].cite.note, HasSubstr("when it was a page of ndis"));
    // The page is still there: it is about itself.
    EXPECT_THAT(search({old}, {"ns:nbl.net_x"}, {"ns:nbl.net_x", "ns:ndis._net_x"}), IsEmpty());
    // Two of today's pages may be what it became.
    EXPECT_THAT(search({old}, {"ns:nbl.net_x", "ns:mdl.net_x"}, {"ns:nbl.net_x", "ns:mdl.net_x"}), IsEmpty());
}

TEST(History, ThePagesOwnDeclarationComesBeforeAMovedOne) {
    auto history =
        search({{{"a/nf-a-x.md", page("NF:a.X", "VOID X(ULONG New);")}}, {{"b/nf-b-x.md", page("NF:b.X", "VOID X(ULONG Own);")}}},
               {"nf:b.x"}, {"nf:b.x"});
    ASSERT_TRUE(history.contains("nf:b.x"));
    EXPECT_EQ(history["nf:b.x"].declaration.parameters.at(0).name, "Own");
}

}  // namespace
}  // namespace ddi::cli
