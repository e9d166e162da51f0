// extract_links: where the page's links lead. A link to a page of the same documentation gives the UID key that the file's name
// suggests; whether there is such a page is the model's question.
#include <set>

#include "generator/facts/facts.h"
#include "generator/facts/links.h"
#include "generator/facts/words.h"

namespace ddi::facts {
namespace {

// Removes the scheme and host of the documentation's own sites; empty: another site.
std::string_view documentation_path(std::string_view target) {
    const std::size_t scheme = target.find("://");
    if (scheme == std::string_view::npos) return target;
    std::string_view rest = target.substr(scheme + 3);
    const std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos) return {};
    const std::string host = to_lower(rest.substr(0, slash));
    const bool own = host == "docs.microsoft.com" || host == "learn.microsoft.com" || host == "msdn.microsoft.com" ||
                     host == "review.docs.microsoft.com" || host == "review.learn.microsoft.com";
    return own ? rest.substr(slash) : std::string_view();
}

void collect(const std::vector<text::Block>& blocks, Facts& facts, std::set<std::string, std::less<>>& seen) {
    for (const text::Block& block : blocks) {
        for (const text::Mark& mark : block.marks) {
            if (mark.kind != text::MarkKind::link || mark.target.empty() || !seen.insert(mark.target).second) continue;
            Link link;
            link.label = block.text.substr(mark.begin, mark.end - mark.begin);
            link.target = mark.target;
            link.uid_key = key_of_link(mark.target);
            facts.links.push_back(std::move(link));
        }
    }
}

}  // namespace

std::string key_of_link(std::string_view target) {
    target = target.substr(0, target.find_first_of("#?"));
    std::string_view path = documentation_path(target);
    while (path.ends_with('/')) path.remove_suffix(1);
    if (path.empty()) return {};
    // Absolute paths lead all over the site; only …/drivers/ddi/… is this documentation (Win32 pages have the same file names).
    if (path.starts_with('/') && to_lower(path).find("/ddi/") == std::string::npos) return {};
    return key_of_file_name(path.substr(path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1));
}

void extract_links(const page::Page& page, Facts& facts) {
    std::set<std::string, std::less<>> seen;
    for (const text::Section& section : page.sections) collect(section.blocks, facts, seen);
}

}  // namespace ddi::facts
