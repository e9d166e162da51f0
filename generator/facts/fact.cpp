#include "generator/facts/fact.h"

namespace ddi::facts {

const char* origin_name(Origin origin) {
    switch (origin) {
        case Origin::front_matter:
            return "front-matter";
        case Origin::heading:
            return "heading";
        case Origin::declaration:
            return "declaration";
        case Origin::table:
            return "table";
        case Origin::prose:
            return "prose";
        case Origin::history:
            return "history";
        case Origin::overlay:
            return "overlay";
        case Origin::inferred:
            return "inferred";
    }
    return "";
}

}  // namespace ddi::facts
