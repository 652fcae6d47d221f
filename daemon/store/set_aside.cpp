// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/store/set_aside.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace chatd::store {

Result<std::string> set_aside(const std::string& path, std::string_view ending) {
  std::string name = path + std::string{ending};
  const std::string journal = name + "-wal";
  if (::unlink(journal.c_str()) < 0 && errno != ENOENT) return fail(Error::from_errno(journal));
  // The journal first: if the process dies in between, a new database must not find it.
  if (std::rename((path + "-wal").c_str(), journal.c_str()) < 0 && errno != ENOENT) {
    return fail(Error::from_errno("rename " + path + "-wal"));
  }
  if (std::rename(path.c_str(), name.c_str()) < 0) {
    return fail(Error::from_errno("rename " + path));
  }
  return name;
}

Result<> remove_set_aside(const std::string& path, std::string_view ending) {
  const std::filesystem::path kept{path + std::string{ending}};
  std::error_code error;
  std::filesystem::directory_iterator files{kept.parent_path(), error};
  while (!error && files != std::filesystem::directory_iterator{}) {
    const std::filesystem::path file = files->path();
    files.increment(error);  // before the file is gone
    if (!file.filename().string().starts_with(kept.filename().string())) continue;
    if (::unlink(file.c_str()) < 0 && errno != ENOENT)
      return fail(Error::from_errno(file.string()));
  }
  if (error)
    return fail(Error{kept.parent_path().string() + ": " + error.message(), error.value()});
  return {};
}

}  // namespace chatd::store
