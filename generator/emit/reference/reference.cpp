#include <tbb/parallel_for.h>

#include <string>
#include <utility>
#include <vector>

#include "embedded/style.css.h"
#include "generator/emit/emit.h"
#include "generator/emit/reference/site.h"

namespace ddi::emit {

text::FileSet emit_reference(const model::Model& model, text::Diagnostics&) {
    reference::Site site(model);
    std::vector<std::string> pages(model.apis.size());
    tbb::parallel_for(std::size_t{0}, pages.size(), [&](std::size_t i) { pages[i] = reference::api_html(site, i); });
    text::FileSet files;
    for (std::size_t i = 0; i < pages.size(); ++i) files["reference/" + site.api_path(i)] = std::move(pages[i]);
    for (const auto& [header, apis] : model.headers) files["reference/" + site.header_path(header)] = reference::header_html(site, header);
    files["reference/index.html"] = reference::start_html(site);
    files["reference/style.css"] = std::string(embedded::style_css);
    return files;
}

}  // namespace ddi::emit
