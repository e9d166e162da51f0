#include <fmt/format.h>

#include <algorithm>

#include "generator/emit/tests/violation.h"
#include "generator/emit/wrappers/checks.h"
#include "generator/text/escape.h"

namespace ddi::emit::tests {

namespace clause = facts::clause;

Case violation_case(const Api& api, const Rule& rule, const Knowledge& knowledge, TestFile& file) {
    return Violation(api, rule, knowledge, file).run();
}

Case Violation::run() {
    if (!wrappers::is_wrappable(api_)) return {{}, "there is no complete prototype"};
    if (!situation_.impossible.empty()) return {{}, situation_.impossible};
    if (!knowledge_.is_wrapped(api_)) return {{}, "no wrapper checks this function"};
    if (api_.kind == page::PageKind::callback && !file_.use_callback(api_)) return {{}, "the callback has no complete prototype"};
    auto checked = wrappers::checked(api_, rule_, knowledge_.context());
    std::visit([&](const auto& content) { provoke(content); }, rule_.clause.content);
    if (case_.body.empty() && case_.reason.empty()) {
        case_.reason = checked == wrappers::Checked::after    ? "only a faulty implementation breaks it"
                       : checked == wrappers::Checked::before ? "no call sequence breaks this rule and no other"
                                                              : unchecked();
    }
    if (checked == wrappers::Checked::never && !case_.body.empty()) return {{}, unchecked()};
    if (!case_.body.empty()) case_.reason.clear();
    return case_;
}

const char* Violation::unchecked() const {
    auto home = knowledge_.context().homes.find(api_.name);
    bool twin = home != knowledge_.context().homes.end() && home->second->header.value != api_.header.value;
    return twin ? "the same rule of another header's page is reported" : "no call shows whether it is kept";
}

bool Violation::checked_before() const { return wrappers::checked(api_, rule_, knowledge_.context()) == wrappers::Checked::before; }

facts::LevelSet Violation::allowed_by_others(const clause::IrqlEntry& own) const {
    facts::LevelSet levels = facts::LevelSet::all();
    bool conditional = !rule_.clause.when.unconditional();
    for_each_clause<clause::IrqlEntry>(api_, [&](const Rule& other, const clause::IrqlEntry& entry) {
        if (&entry == &own || !holds(other.clause.when, situation_.arguments)) return;
        if (other.clause.when.all.empty() && !other.clause.when.text.empty()) return;
        // Unconditional rules come first; among equals the order of ids decides, so neither may be broken.
        if (conditional || !other.clause.when.unconditional()) {
            if (conditional) levels.bits = static_cast<std::uint16_t>(levels.bits & entry.allowed.bits);
        }
    });
    return levels;
}

void Violation::provoke(const clause::IrqlEntry& c) {
    auto within = allowed_by_others(c);
    auto forbidden = static_cast<std::uint16_t>(within.bits & ~c.allowed.bits);
    if (forbidden == 0) return because("every level that could be wrong is allowed, or broken under another rule first");
    std::string levels =
        fmt::format(", {}", levels_text(c.allowed)) + (within == facts::LevelSet::all() ? std::string() : ", " + levels_text(within));
    if (is_callback()) {
        case_.body.push_back(
            fmt::format("called_at_forbidden_level({}, {}, {}{});", id(), callback_name(api_), checked_callback_name(api_), levels));
        return;
    }
    auto way = knowledge_.way_of(step());
    say("at_forbidden_level", way ? *way : knowledge_.alone(step()), call() + levels);
}

void Violation::provoke(const clause::RequiresApcsDisabled& c) {
    auto levels = knowledge_.levels(step());
    if (levels && !levels->contains(facts::Level::passive)) return because("at the allowed levels no APC arrives anyway");
    say("with_apcs_enabled", knowledge_.way_of(step()), fmt::format("{}, {}", call(), apcs_text(c.apcs)));
}

void Violation::provoke(const clause::RequiresInitialized& c) {
    if (!checked_before()) return;
    if (auto with = is_callback() ? std::nullopt : with_second_object(c.object)) {
        auto type = knowledge_.types().of(parameter_named(api_, c.object.parameter)->type);
        auto way = knowledge_.way_of(*with);
        if (!way || !file_.use(*with)) return because("an argument of the call cannot be supplied");
        say("with_uninitialized", way, fmt::format(", {}, \"{}\"", call_name(*with), text::escape_c_string(type.base)));
        return;
    }
    auto ref = knowledge_.object(api_);
    if (ref && ref->only_known) return because("the parameter is untyped, so an unknown object may be of a kind that no wrapper sees");
    if (!file_.use(step())) return because("an argument of the call cannot be supplied");
    case_.body.push_back(fmt::format("without_initialization({}{});", id(), call()));
    auto way = knowledge_.way_of(step());
    if (way && way->initialize && way->destroy) say("after_destruction", way, call());
}

void Violation::provoke(const clause::Acquire&) {
    if (find_clause<clause::ReleaseWith>(whole(api_)))
        return because("a lock that is never released is reported under release-with; otherwise only a faulty implementation breaks it");
    say("never_released", knowledge_.way_from(step()));
}

void Violation::provoke(const clause::Release& c) {
    if (find_clause<clause::Releases>(whole(api_))) return because("the release of what nobody holds is reported under releases");
    if (!checked_before()) return;
    if (c.mode == facts::Mode::shared) return;
    for (const auto& way : knowledge_.ways_to(step())) {
        if (say("released_without_acquisition", way)) return;
    }
}

bool Violation::strangers(const Api& acquire, const Api& release) const {
    const auto* with = find_clause<clause::ReleaseWith>(whole(acquire));
    const auto* releases = find_clause<clause::Releases>(whole(release));
    return !(with && contains(with->with, release.name)) && !(releases && contains(releases->acquired_by, acquire.name));
}

void Violation::provoke(const clause::ReleaseWith&) {
    auto way = knowledge_.way_from(step());
    say("never_released", way);
    auto ref = knowledge_.object(api_);
    const auto* own = find_clause<clause::ReleaseWith>(api_);
    if (!way || !ref || own->with.empty()) return;
    // A release that does not itself say what it belongs to.
    for (const auto& other : knowledge_.model().apis) {
        if (!knowledge_.is_callable(other) || contains(own->with, other.name) || !find_clause<clause::Release>(other)) continue;
        auto released = knowledge_.object(other);
        if (!released || released->domain != ref->domain || released->handle.empty() != ref->handle.empty()) continue;
        const auto* named = find_clause<clause::Releases>(whole(other));
        bool silent = strangers(api_, other) && (named == nullptr || named->acquired_by.empty());
        for_each_clause<clause::ReleasesNot>(
            other, [&](const Rule&, const clause::ReleasesNot& c) { silent = silent && !contains(c.acquired_by, api_.name); });
        if (silent && released_by(other, *way, *ref, *released)) return;
    }
}

bool Violation::released_by(const Api& release, const Way& way, const ObjectRef& taken, const ObjectRef& given) {
    // Both name the same object with the same argument: a pin's mutex by the pin, not by its filter.
    auto type_of = [&](const Api& api, const ObjectRef& ref) {
        for (const auto& parameter : api.signature->parameters) {
            if (parameter.name == ref.parameter) return knowledge_.types().of(parameter.type);
        }
        return wrappers::CType{};
    };
    if (taken.handle.empty() && type_of(*way.acquire.api, taken) != type_of(release, given)) return false;
    // Whose objects another function initializes reports that first.
    if (way.initialize && !knowledge_.accepts(release, *way.initialize->api)) return false;
    Step other{&release, argument_choices(release, knowledge_.types()).front()};
    // Where the wrong release needs another level or APC state it would be that rule which is broken; the suite sees to both.
    return file_.use(other) && say("released_by_other_function", way, ", " + call_name(other));
}

void Violation::provoke(const clause::Releases& c) {
    auto ways = knowledge_.ways_to(step());
    for (const auto& way : ways) {
        if (say("released_without_acquisition", way)) break;
    }
    auto given = knowledge_.object(api_);
    if (!given || c.acquired_by.empty()) return;
    for (const auto& acquire : knowledge_.acquisitions(given->domain)) {
        bool refused_first = false;
        for_each_clause<clause::ReleasesNot>(api_, [&](const Rule&, const clause::ReleasesNot& no) {
            refused_first = refused_first || contains(no.acquired_by, acquire.api->name);
        });
        auto taken = knowledge_.object(*acquire.api);
        if (refused_first || !strangers(*acquire.api, api_) || !find_clause<clause::ReleaseWith>(whole(*acquire.api)) || !taken ||
            taken->handle.empty() != given->handle.empty())
            continue;
        auto way = knowledge_.way_from(acquire);
        if (way && released_by(api_, *way, *taken, *given)) return;
    }
}

void Violation::provoke(const clause::ReleasesNot& c) {
    auto given = knowledge_.object(api_);
    for (const auto& name : c.acquired_by) {
        const Api* acquire = knowledge_.callable(name, api_.header.value);
        if (acquire == nullptr || !given) continue;
        auto way = knowledge_.way_from({acquire, argument_choices(*acquire, knowledge_.types()).front()});
        auto taken = knowledge_.object(*acquire);
        if (way && taken) released_by(api_, *way, *taken, *given);
    }
}

void Violation::provoke(const clause::Owner&) {
    if (!checked_before()) return;
    for (const auto& way : knowledge_.ways_to(step())) {
        if (say("by_other_thread", way, call())) return;
    }
}

void Violation::provoke(const clause::Recursion& c) {
    if (c.rule != clause::RecursionRule::deadlock || !checked_before()) return;
    if (find_clause<clause::Acquire>(api_)) return void(say("acquired_again", knowledge_.way_from(step())));
    // Said on another function's page: every acquisition of such an object may break it.
    auto ref = knowledge_.object(api_);
    for (const auto& acquire : knowledge_.acquisitions(ref ? ref->domain : std::string())) {
        auto way = knowledge_.way_from(acquire);
        if (way && !way->acquired.empty()) continue;
        if (!find_clause<clause::Recursion>(whole(*acquire.api))) say("acquired_again", way);
    }
}

void Violation::provoke(const clause::Waits& c) {
    if (c.waits && checked_before()) say("waited_at_dispatch", knowledge_.way_of(step()), call());
}

void Violation::provoke(const clause::ApcEnable&) {
    if (find_clause<clause::Release>(whole(api_)))
        return because("a release that was not preceded by an acquisition is reported under the release");
    if (!checked_before() || !file_.use(step())) return;
    case_.body.push_back(fmt::format("enabled_without_disabling({}{});", id(), call()));
}

void Violation::provoke(const clause::Argument& c) {
    if (!checked_before()) return;
    if (!c.op.empty()) {
        if (c.op == ">=" || c.op == "<=")
            say("with_level_out_of_order", knowledge_.way_of(step()), fmt::format("{}, {}", call(), c.op == ">=" ? "true" : "false"));
        return;
    }
    for (const auto& way : knowledge_.ways_to(step())) {
        if (say("with_other_saved_level", way)) return;
    }
}

void Violation::provoke(const clause::NotCombined& c) {
    if (!checked_before()) return;
    auto own = knowledge_.way_of(step());
    for (const auto& name : c.functions) {
        const Api* other = name == api_.name ? nullptr : knowledge_.callable(name, api_.header.value);
        if (other == nullptr || !find_clause<clause::Acquire>(*other) || !own) continue;
        auto way = knowledge_.way_from({other, argument_choices(*other, knowledge_.types()).front()});
        if (way && file_.use(*own)) say("combined", way, ", " + way_name(*own));
    }
}

void Violation::provoke(const clause::HeldOnEntry&) {
    if (checked_before())
        case_.body.push_back(fmt::format("called_without_lock({}, {}, {});", id(), callback_name(api_), checked_callback_name(api_)));
}

void Violation::provoke(const clause::Pending& c) {
    if (wrappers::checked(api_, rule_, knowledge_.context()) != wrappers::Checked::never)
        case_.body.push_back(fmt::format("returned_pending_unannounced({}, {}, {});", id(), callback_name(api_), c.status));
}

}  // namespace ddi::emit::tests
