// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/base/result.hpp"

#include <cstring>

namespace chatd {

Error Error::from_errno(std::string_view doing, int code) {
  return Error{std::string{doing} + ": " + std::strerror(code), code};
}

Error Error::within(std::string_view context) && {
  message_.insert(0, std::string{context} + ": ");
  return std::move(*this);
}

}  // namespace chatd
