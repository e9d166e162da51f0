// The addresses of a reference: which file each API and header has, and how one page links to another. Paths mirror the
// documentation's own (wdm/nf-wdm-keraiseirql), in lower case, so that no two differ only by case.
#pragma once

#include <string>
#include <vector>

#include "generator/emit/reference/html_text.h"
#include "generator/model/model.h"

namespace ddi::emit::reference {

class Site {
  public:
    explicit Site(const model::Model& model);

    const model::Model& model() const { return *model_; }
    /// "wdm/nf-wdm-keraiseirql.html", unique, by index in Model::apis.
    const std::string& api_path(std::size_t api) const { return api_paths_[api]; }
    /// "wdm/index.html" by header.
    std::string header_path(const std::string& header) const;
    /// Resolves the links of one API's page: to APIs of the model, to https addresses elsewhere; all else is plain text.
    LinkTarget links_of(const model::Api& api) const;

  private:
    const model::Model* model_;
    std::vector<std::string> api_paths_;
};

/// The whole page around a body: head with a strict content security policy, breadcrumbs, footer with the attribution.
/// `depth`: how many folders the page lies below the site's root.
std::string page_html(const Site& site, const std::string& title, const std::string& breadcrumbs, const std::string& body, int depth);

/// One API's page.
std::string api_html(const Site& site, std::size_t api);
/// A header's index: its APIs by kind.
std::string header_html(const Site& site, const std::string& header);
/// The start page: headers, and the lock families (protocols) with their functions.
std::string start_html(const Site& site);

}  // namespace ddi::emit::reference
