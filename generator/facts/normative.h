// Sentences of a contract's text (parameters, returns, remarks) → which of them require or promise something, and, for those that no
// clause can express, the category that says why. Words only: it knows no API by name.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "generator/facts/sentences.h"

namespace ddi::facts {

/// The parts of a page that state its contract. All pointers outlive the sentences made from them.
struct ContractText {
    const std::vector<text::Section>* sections = nullptr;  // remarks and the free headings below them are read, the rest is not
    std::vector<std::pair<std::string, const std::vector<text::Block>*>> parameters;
    const std::vector<text::Block>* returns = nullptr;
};

std::vector<Sentence> contract_sentences(const ContractText& text);

/// Says must, cannot, only, returns, raises, holds, at an IRQL and the like.
bool is_normative(const Sentence& sentence);

/// Why a normative sentence is no clause: a short name of category_reasons(), or empty where no category fits.
/// `self`: the page's API; `parameters`: its parameters.
std::string_view category_of(const Sentence& sentence, const std::string& self, const std::set<std::string>& parameters);

struct Category {
    std::string_view name;
    std::string_view reason;
};
/// Every category, in the order in which they are tried.
const std::vector<Category>& categories();

}  // namespace ddi::facts
