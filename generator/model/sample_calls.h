// Calls in code samples → the types of their arguments: "ComPtr<IKeyStore> s; p->Make(&s)" passes an IKeyStore **. A call is no
// declaration, because arguments are converted: what it passes is evidence beside the page's words, and its worth is measured.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "generator/text/document.h"

namespace ddi::model {

class SampleCalls {
  public:
    /// The code blocks of one page. `page_routine`: the full name of the page's own routine, or empty.
    void add(const std::vector<text::Section>& sections, std::string_view page_routine);

    /// What calls of `routine` ("IX.Method": calls on that interface, or on the method's own page) with `count` arguments pass at
    /// `index`, if all that say anything agree. Empty: nothing.
    std::string argument(std::string_view routine, std::size_t index, std::size_t count) const;

    /// Words that samples use as types of variables: "ACXPIN pin;".
    const std::map<std::string, std::size_t, std::less<>>& type_words() const { return type_words_; }

  private:
    using Arguments = std::vector<std::string>;                         // types, empty where nothing is known
    std::map<std::string, std::vector<Arguments>, std::less<>> calls_;  // by full name, lower case
    std::map<std::string, std::size_t, std::less<>> type_words_;
};

}  // namespace ddi::model
