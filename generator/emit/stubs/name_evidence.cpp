// What pages call a name, and what its uses make of it.
#include <algorithm>
#include <unordered_map>

#include "generator/emit/stubs/type_inference.h"

namespace ddi::emit::stubs {

namespace {

bool word_char(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

void note_word(std::string_view after, Called& called) {
    while (!after.empty() && (after.front() == ' ' || after.front() == '-')) after.remove_prefix(1);
    auto is = [&](std::string_view word) { return after.starts_with(word); };
    if (is("structure") || is("struct ")) ++called.structure;
    if (is("union")) ++called.union_;
    if (is("enum")) ++called.enumeration;
    if (is("interface")) ++called.interface;
}

/// Millions of words are looked up in it.
using Names = std::unordered_map<std::string_view, Called*>;

void note_text(std::string_view text, const Names& called) {
    std::size_t at = 0;
    while (at < text.size()) {
        if (!word_char(text[at])) {
            ++at;
            continue;
        }
        std::size_t end = at;
        while (end < text.size() && word_char(text[end])) ++end;
        bool small = text[at] >= 'a' && text[at] <= 'z';
        if (!small && end - at > 2 && end < text.size()) {
            if (auto found = called.find(text.substr(at, end - at)); found != called.end()) note_word(text.substr(end), *found->second);
        }
        at = end;
    }
}

void note_blocks(const std::vector<text::Block>& blocks, const Names& called) {
    for (const auto& block : blocks) {
        if (block.kind != text::BlockKind::code) note_text(block.text, called);
    }
}

bool ends_with_handle(const std::string& name) { return name.ends_with("HANDLE") || name.ends_with("Handle"); }

}  // namespace

std::string wrapped_handle_family(std::string_view name) {
    std::size_t at = name.find("_H");
    if (at == std::string_view::npos || name.ends_with("_HANDLE") || at + 2 == name.size()) return {};
    std::string family;
    for (char c : name.substr(0, at + 2)) {
        if ((c < '0' || c > '9') && c != '_') family += c;
    }
    return family;
}

std::map<std::string, Called, std::less<>> what_pages_call(const model::Model& model, const std::set<std::string>& names) {
    std::map<std::string, Called, std::less<>> called;
    for (const auto& name : names) called.emplace(name, Called{});
    Names index;
    for (auto& [name, words] : called) index.emplace(name, &words);
    for (const auto& api : model.apis) {
        for (const auto& section : api.sections) note_blocks(section.blocks, index);
        if (api.signature) {
            for (const auto& parameter : api.signature->parameters) note_blocks(parameter.text, index);
        }
        for (const auto& member : api.members) note_blocks(member.text, index);
        if (api.returns) note_blocks(api.returns->text, index);
    }
    return called;
}

Inferred infer_type(const std::string& name, const Evidence& evidence, const Called& called) {
    int nouns = (called.structure > 0) + (called.union_ > 0) + (called.enumeration > 0) + (called.interface > 0);
    if (nouns > 1) return Inferred::nothing;
    if (called.structure > 0 || called.interface > 0) return Inferred::structure;
    if (called.union_ > 0) return Inferred::union_;
    if (called.enumeration > 0) return Inferred::enumeration;
    if (evidence.by_value == 0) return evidence.pointed_to > 0 ? Inferred::structure : Inferred::nothing;
    // Of what stands there by value most descriptions must begin as a handle's does.
    bool handle = evidence.says_handle > 0 && evidence.says_handle * 10 >= evidence.says_something * 6;
    if (!handle || !wrapped_handle_family(name).empty()) return Inferred::nothing;
    return ends_with_handle(name) ? Inferred::plain_handle : Inferred::handle;
}

std::string callback_stem(std::string_view name) {
    for (std::string_view prefix : {"PFN_", "EVT_"}) {
        if (name.starts_with(prefix)) return std::string(name.substr(prefix.size()));
    }
    return {};
}

int handled_callback(std::string_view name, const std::map<std::string, int, std::less<>>& callbacks) {
    constexpr std::string_view ending = "_HANDLER";
    if (!name.ends_with(ending) || name.size() == ending.size()) return -1;
    name.remove_suffix(ending.size());
    if (auto found = callbacks.find(name); found != callbacks.end()) return found->second;
    int only = -1;
    std::string end = "_" + std::string(name);
    for (const auto& [callback, index] : callbacks) {
        bool fits = callback.ends_with(end) && callback.find('_') == callback.size() - end.size();
        if (fits && only != -1) return -1;
        if (fits) only = index;
    }
    return only;
}

}  // namespace ddi::emit::stubs
