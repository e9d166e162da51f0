#include "generator/emit/stubs/enumerators.h"

#include <fmt/format.h>

#include <map>

#include "generator/emit/stubs/c_tokens.h"
#include "generator/model/c_number.h"

namespace ddi::emit::stubs {

namespace {

using ValueOf = std::function<std::optional<std::int64_t>(std::string_view)>;

/// C's precedence, for what enumerators use: | ^ & shifts, sums, signs, parentheses.
class Reader {
  public:
    Reader(std::vector<Token> tokens, const ValueOf& value_of) : tokens_(std::move(tokens)), value_of_(value_of) {}
    std::optional<std::int64_t> read() {
        auto value = binary(0);
        return at_ == tokens_.size() ? value : std::nullopt;
    }

  private:
    std::string_view peek(std::size_t ahead = 0) const { return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead].text : ""; }

    std::optional<std::int64_t> binary(int level) {
        if (level == 5) return primary();
        auto left = binary(level + 1);
        while (left) {
            auto mark = peek();
            bool shift = level == 3 && (mark == "<" || mark == ">") && peek(1) == mark;
            bool here = (level == 0 && mark == "|") || (level == 1 && mark == "^") || (level == 2 && mark == "&") || shift ||
                        (level == 4 && (mark == "+" || mark == "-" || mark == "*"));
            if (!here) return left;
            at_ += shift ? 2 : 1;
            auto right = binary(level + 1);
            if (!right) return std::nullopt;
            if (mark == "|") *left |= *right;
            if (mark == "^") *left ^= *right;
            if (mark == "&") *left &= *right;
            if (mark == "+") *left += *right;
            if (mark == "-") *left -= *right;
            if (mark == "*") *left *= *right;
            if (shift) {
                if (*right < 0 || *right > 62) return std::nullopt;
                *left = mark == "<" ? *left << *right : *left >> *right;
            }
        }
        return left;
    }

    std::optional<std::int64_t> primary() {
        if (at_ == tokens_.size()) return std::nullopt;
        auto token = tokens_[at_++];
        if (token.text == "-" || token.text == "+" || token.text == "~") {
            auto value = primary();
            if (!value) return std::nullopt;
            return token.text == "-" ? -*value : token.text == "~" ? ~*value : *value;
        }
        if (token.text == "(") {
            auto value = binary(0);
            if (peek() != ")") return std::nullopt;
            ++at_;
            return value;
        }
        if (token.kind == TokenKind::number) return model::c_number(std::string(token.text));
        if (token.kind == TokenKind::word) return value_of_(token.text);
        return std::nullopt;
    }

    std::vector<Token> tokens_;
    const ValueOf& value_of_;
    std::size_t at_ = 0;
};

}  // namespace

std::optional<std::int64_t> constant_value(std::string_view text, const ValueOf& value_of) {
    return Reader(c_tokens(text), value_of).read();
}

std::vector<Enumerator> plan_enumerators(const std::vector<facts::DeclaredMember>& members,
                                         const std::function<std::string(const facts::DeclaredMember&)>& refused,
                                         const std::set<std::string, std::less<>>& guarded) {
    std::vector<Enumerator> plan;
    std::map<std::string, std::optional<std::int64_t>, std::less<>> values;
    ValueOf value_of = [&](std::string_view name) {
        auto found = values.find(name);
        return found == values.end() ? std::optional<std::int64_t>() : found->second;
    };
    std::set<std::string_view> absent;     // names that are not there, or may not be
    std::optional<std::int64_t> next = 0;  // the value that C gives to the next one
    bool counted = true;                   // C counts from one that is surely there
    for (const auto& member : members) {
        Enumerator enumerator{&member, member.value, guarded.contains(member.name), refused(member)};
        auto value = member.value.empty() ? next : constant_value(member.value, value_of);
        if (enumerator.left_out.empty() && values.contains(member.name))
            enumerator.left_out = fmt::format("{} is there twice", member.name);
        if (enumerator.left_out.empty() && member.value.empty()) {
            // One more than the largest there is.
            bool too_large = value && (*value == 0x80000000 || *value > 0xffffffff);
            if (too_large || (!counted && !value))
                enumerator.left_out = fmt::format("the value of {} is not known", member.name);
            else if (!counted)
                enumerator.value = std::to_string(*value);
        } else if (enumerator.left_out.empty()) {
            // A name that may not be there cannot give the value.
            bool uses_absent = false;
            for (const auto& token : c_tokens(member.value)) uses_absent = uses_absent || absent.contains(token.text);
            if (uses_absent && value)
                enumerator.value = std::to_string(*value);
            else if (uses_absent)
                enumerator.left_out = fmt::format("the value of {} is not known", member.name);
        }
        // Windows' enumerations have 32 bits and a sign, whatever the values: for others 0x80000000 beside a negative one takes 64.
        bool top_bit = value && *value > 0x7fffffff && *value <= 0xffffffff;
        if (top_bit && !enumerator.value.empty()) enumerator.value = fmt::format("(int)({})", enumerator.value);
        bool sure = enumerator.left_out.empty() && !enumerator.guarded;
        if (!sure) absent.insert(member.name);
        values.try_emplace(member.name, value);
        counted = sure;
        next = value ? std::optional<std::int64_t>(*value + 1) : std::nullopt;
        plan.push_back(std::move(enumerator));
    }
    return plan;
}

}  // namespace ddi::emit::stubs
