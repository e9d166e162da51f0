#include "generator/model/model.h"

namespace ddi::model {

const Api* Model::find(std::string_view uid_key) const {
    auto found = by_uid.find(std::string(uid_key));
    return found == by_uid.end() ? nullptr : &apis[found->second];
}

std::vector<const Api*> Model::find_name(std::string_view name) const {
    std::vector<const Api*> found;
    for (const auto& api : apis) {
        if (api.name == name) found.push_back(&api);
    }
    return found;
}

}  // namespace ddi::model
