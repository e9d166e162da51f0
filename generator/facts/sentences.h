// Blocks of running text → sentences with their place in the file. A sentence never crosses a block.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generator/facts/fact.h"
#include "generator/facts/facts.h"
#include "generator/page/page.h"
#include "generator/text/document.h"

namespace ddi::facts {

enum class Role { description, parameter, returns, remarks };

struct Sentence {
    std::string text;  // as the block has it
    Role role = Role::description;
    std::string parameter;  // Role::parameter: its name
    bool in_table = false;
    bool in_list = false;
    std::string lead;  // list items: the sentence that introduces the list
    const text::Block* block = nullptr;
    std::uint32_t begin = 0;  // offset into the block's text
};

/// Splits at '.', '!' and '?' before a new sentence; "e.g.", "Wdm.h" and version numbers do not end one.
std::vector<Sentence> split_sentences(const std::vector<text::Block>& blocks, Role role);

/// Every sentence of the page that can carry contract: description, parameters, returns, remarks and the free headings below them.
/// The pointers lead into `page` and `facts`.
std::vector<Sentence> page_sentences(const page::Page& page, const Facts& facts);

/// A citation of a whole sentence.
Cite cite_sentence(const text::SourcePtr& source, const Sentence& sentence);

}  // namespace ddi::facts
