// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/message.hpp"

#include <string_view>
#include <type_traits>
#include <utility>

namespace chatd::client {

namespace {

using PipeBytes = std::span<const std::byte>;

// Visits a list of fields and appends each field.
class PipeWriter {
 public:
  template <class... Types>
  void operator()(std::string_view /*name*/, const std::variant<Types...>& field) {
    static_assert(sizeof...(Types) < 256);
    process::Codec<std::uint8_t>::write(bytes_, static_cast<std::uint8_t>(field.index()));
    std::visit(
        [this](const auto& value) { std::remove_cvref_t<decltype(value)>::fields(*this, value); },
        field);
  }
  template <class T>
  void operator()(std::string_view /*name*/, const T& field) {
    process::Codec<T>::write(bytes_, field);
  }
  [[nodiscard]] process::Bytes take() { return std::move(bytes_); }

 private:
  process::Bytes bytes_;
};

// Visits a list of fields and reads each field.
class PipeReader {
 public:
  explicit PipeReader(PipeBytes bytes) : bytes_{bytes} {}

  template <class... Types>
  void operator()(std::string_view /*name*/, std::variant<Types...>& field) {
    std::uint8_t index = 0;
    ok_ = ok_ && process::Codec<std::uint8_t>::read(bytes_, index) && index < sizeof...(Types);
    if (ok_) read_at(index, field, std::index_sequence_for<Types...>{});
  }
  // The sentence and the exit status of a reason are looked up without another check.
  void operator()(std::string_view /*name*/, wire::Reason& field) {
    ok_ = ok_ && process::Codec<wire::Reason>::read(bytes_, field) && wire::is_known(field) &&
          wire::row_of(field).status.has_value();
  }
  template <class T>
  void operator()(std::string_view /*name*/, T& field) {
    ok_ = ok_ && process::Codec<T>::read(bytes_, field);
  }
  // All bytes were read, and they were valid.
  [[nodiscard]] bool is_complete() const noexcept { return ok_ && bytes_.empty(); }

 private:
  template <class Variant, std::size_t... I>
  void read_at(std::size_t index, Variant& field, std::index_sequence<I...> /*all*/) {
    (void)((index == I && read_fields(field.template emplace<I>())) || ...);
  }
  template <class T>
  bool read_fields(T& value) {
    T::fields(*this, value);
    return true;
  }

  PipeBytes bytes_;
  bool ok_{true};
};

template <class Variant>
process::Bytes written(const Variant& message) {
  PipeWriter writer;
  writer({}, message);
  return writer.take();
}

template <class Variant>
std::optional<Variant> read_all(PipeBytes bytes) {
  PipeReader reader{bytes};
  Variant message;
  reader({}, message);
  if (!reader.is_complete()) return std::nullopt;
  return message;
}

}  // namespace

process::Bytes encode(const Order& order) { return written(order); }
process::Bytes encode(const Report& report) { return written(report); }
std::optional<Order> decode_order(PipeBytes bytes) { return read_all<Order>(bytes); }
std::optional<Report> decode_report(PipeBytes bytes) { return read_all<Report>(bytes); }

std::vector<Report> in_pieces(Report report) {
  constexpr std::size_t kPiece = kMaxMessageBytes / 2;
  std::vector<Report> pieces;
  const Users* const users = std::get_if<Users>(&report);
  if (users == nullptr) {
    pieces.push_back(std::move(report));
    return pieces;
  }
  std::string_view rest = users->list;
  while (rest.size() > kPiece) {
    const std::size_t newline = rest.rfind('\n', kPiece);
    // A name is far shorter. A text that is no list of names is cut anywhere.
    const bool is_list = newline != std::string_view::npos;
    const std::size_t end = is_list ? newline : kPiece;
    pieces.emplace_back(Users{.list = std::string{rest.substr(0, end)}, .more = true});
    rest.remove_prefix(is_list ? end + 1 : end);
  }
  pieces.emplace_back(Users{.list = std::string{rest}});
  return pieces;
}

}  // namespace chatd::client
