#include "generator/model/type_evidence.h"

#include <algorithm>

#include "generator/facts/words.h"

namespace ddi::model {

namespace {

class Hash {
  public:
    explicit Hash(EvidenceKey kind) { add(static_cast<std::uint64_t>(kind) + 1); }
    Hash& add(std::uint64_t value) {
        state_ = (state_ ^ value) * 0x9E3779B97F4A7C15U;
        state_ ^= state_ >> 29U;
        return *this;
    }
    Hash& add(std::string_view text) {
        for (char c : text) state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
        return add(text.size());
    }
    std::uint64_t value() const { return state_ | 1U; }

  private:
    std::uint64_t state_ = 0xCBF29CE484222325U;
};

/// The words of the first sentence.
std::vector<facts::Word> opening_words(const std::vector<text::Block>& text) {
    for (const auto& block : text) {
        if (block.kind == text::BlockKind::html_comment || block.text.empty()) continue;
        std::string_view sentence = block.text;
        std::size_t end = sentence.find(". ");
        sentence = sentence.substr(0, std::min<std::size_t>(end, 300));
        auto words = facts::split_words(sentence);
        std::erase_if(words, [](const facts::Word& word) {
            char c = word.lower.empty() ? ' ' : word.lower[0];
            return !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
        });
        return words;
    }
    return {};
}

/// Names that the documentation's tooling or a macro gave: they say nothing.
bool is_nobodys_name(std::string_view name) { return name.size() < 2 || name.starts_with("unnamedparam") || name == "param"; }

}  // namespace

TypeEvidence::Keys TypeEvidence::keys_of(const Described& d) {
    Keys keys{};
    auto words = d.text != nullptr ? opening_words(*d.text) : std::vector<facts::Word>{};
    std::string name = facts::to_lower(d.name);
    while (name.starts_with('_')) name.erase(0, 1);
    bool named = d.result ? !name.empty() : !is_nobodys_name(name);
    std::uint64_t shape = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto& word = words[i].lower;
        if (i < 8 && (word == "pointer" || word == "pointers" || word == "address" || word == "points")) shape |= 1U;
        if (word == "receives" || word == "receive" || word == "returned" || word == "returns") shape |= 2U;
    }
    auto direction = static_cast<std::uint64_t>(d.direction) + (d.result ? 100 : 0) + (d.wide ? 200 : 0);
    auto start = [&](EvidenceKey kind) { return Hash(kind).add(direction).add(std::string_view(name)); };
    auto set = [&](EvidenceKey kind, const Hash& hash) { keys[static_cast<std::size_t>(kind)] = hash.value(); };
    auto add_words = [&](Hash hash, std::size_t count) {
        for (std::size_t i = 0; i < std::min(count, words.size()); ++i) hash.add(std::string_view(words[i].lower));
        return hash;
    };
    if (named) {
        if (words.size() > 2) {
            auto sentence = add_words(start(EvidenceKey::name_sentence), words.size());
            set(EvidenceKey::name_sentence, sentence);
            set(EvidenceKey::header_name_sentence, sentence.add(d.header));
            set(EvidenceKey::name_opening, add_words(start(EvidenceKey::name_opening), 3));
        }
        set(EvidenceKey::header_name, start(EvidenceKey::header_name).add(shape & 1U).add(d.header));
        set(EvidenceKey::technology_name, start(EvidenceKey::technology_name).add(shape & 1U).add(d.technology));
        set(EvidenceKey::name, start(EvidenceKey::name).add(shape));
    }
    if (words.size() > 6) set(EvidenceKey::opening, add_words(Hash(EvidenceKey::opening).add(direction), 7));
    if (words.size() > 3) set(EvidenceKey::header_opening, add_words(Hash(EvidenceKey::header_opening).add(direction).add(d.header), 4));
    if (!d.routine.empty())
        set(EvidenceKey::routine_place, Hash(EvidenceKey::routine_place).add(facts::to_lower(d.routine)).add(d.place).add(d.of));
    return keys;
}

std::uint32_t TypeEvidence::intern(std::string_view text) {
    return ids_.try_emplace(std::string(text), static_cast<std::uint32_t>(ids_.size())).first->second;
}

void TypeEvidence::learn(const Described& described, std::string_view type, std::string_view array, std::string_view group) {
    auto split = names_.split(type, array);
    std::string canonical = split.base + std::string(split.pointers, '*');
    std::string spelling(type);
    if (!array.empty()) spelling = split.base + " " + std::string(split.pointers, '*');
    auto index = types_.try_emplace(canonical, static_cast<std::uint32_t>(types_.size())).first->second;
    if (index == spellings_.size()) spellings_.emplace_back();
    auto& spellings = spellings_[index];
    auto known = std::find_if(spellings.begin(), spellings.end(), [&](const auto& s) { return s.first == spelling; });
    if (known == spellings.end()) {
        spellings.emplace_back(std::move(spelling), 1);
    } else {
        ++known->second;
    }
    std::uint32_t group_id = intern(group);
    // A method's own interface is its group under routine_place, where every method has the same name.
    std::uint32_t scope_id = intern(std::string(described.header) + "/" + std::string(described.technology));
    Keys keys = keys_of(described);
    for (std::size_t k = 0; k < keys.size(); ++k) {
        if (keys[k] == 0) continue;
        auto& tally = tallies_[keys[k]];
        auto choice = std::find_if(tally.begin(), tally.end(), [&](const Choice& c) { return c.type == index; });
        if (choice == tally.end()) choice = tally.insert(tally.end(), Choice{index, {}});
        std::uint32_t voter = k == static_cast<std::size_t>(EvidenceKey::routine_place) ? scope_id : group_id;
        if (std::find(choice->groups.begin(), choice->groups.end(), voter) == choice->groups.end()) choice->groups.push_back(voter);
    }
}

std::vector<TypeEvidence::Vote> TypeEvidence::votes(const Described& described, std::string_view group) const {
    auto known = ids_.find(std::string(group));
    std::vector<Vote> votes;
    Keys keys = keys_of(described);
    for (std::size_t k = 0; k < keys.size(); ++k) {
        auto tally = keys[k] == 0 ? tallies_.end() : tallies_.find(keys[k]);
        if (tally == tallies_.end()) continue;
        std::size_t all = 0, first = votes.size();
        for (const auto& choice : tally->second) {
            std::size_t count = choice.groups.size();
            if (known != ids_.end() && std::find(choice.groups.begin(), choice.groups.end(), known->second) != choice.groups.end()) --count;
            if (count == 0) continue;
            all += count;
            const auto& spellings = spellings_[choice.type];
            auto spelling = std::max_element(spellings.begin(), spellings.end(), [](const auto& x, const auto& y) {
                return x.second != y.second ? x.second < y.second : x.first > y.first;
            });
            votes.push_back({static_cast<EvidenceKey>(k), spelling->first, count, 0});
        }
        for (std::size_t v = first; v < votes.size(); ++v) votes[v].against = all - votes[v].groups;
        std::stable_sort(votes.begin() + static_cast<std::ptrdiff_t>(first), votes.end(),
                         [](const Vote& x, const Vote& y) { return x.groups > y.groups; });
    }
    return votes;
}

}  // namespace ddi::model
