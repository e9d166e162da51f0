#include <memory>

#include "conformance/contract/contract.h"
#include "conformance/suite/watch.h"

namespace ddi::suite::watch {

namespace {
std::unique_ptr<contract::Recorder>& recorder() {
    static std::unique_ptr<contract::Recorder> instance;
    return instance;
}
}  // namespace

void begin() {
    recorder().reset();
    contract::forget_everything();
    recorder() = std::make_unique<contract::Recorder>(contract::Recorder::Mode::collect);
}

std::vector<std::string> end() {
    std::vector<std::string> reports;
    for (const auto& violation : recorder()->violations()) reports.push_back(contract::format_violation(violation));
    recorder().reset();
    return reports;
}

void forgive() { recorder()->clear(); }

}  // namespace ddi::suite::watch
