// SPDX-License-Identifier: GPL-3.0-or-later
// proxy_test.cpp — nginx and caddy in front of the page, with the configurations that the package
// has as examples. curl is the browser; it comes from 127.0.0.2.
#include <csignal>
#include <memory>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/daemon_under_test.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/http_client.hpp"

namespace chatd::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kName = "chat.example.org";
constexpr const char* kInstalls = "packaging/setup test installs nginx, caddy, curl and openssl";

// Each text must be in the example: else it is another one than this test knows.
std::string adapted(const std::string& example,
                    const std::vector<std::pair<std::string, std::string>>& changes) {
  std::string text = file_text(std::string{CHATD_SOURCE_DIR} + "/packaging/examples/" + example);
  for (const auto& [from, to] : changes) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << example << ": " << from;
    if (at != std::string::npos) text.replace(at, from.size(), to);
  }
  return text;
}

// The proxy, started in a folder of its own.
class Proxy {
 public:
  Proxy(const std::string& kind, const std::string& page) {
    const auto made =
        run_program({"/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                     "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                     "/CN=chat.example.org", "-addext", "subjectAltName=DNS:chat.example.org",
                     "-keyout", folder_ / "chat.key", "-out", certificate()});
    EXPECT_EQ(made.status, 0) << made.err << kInstalls;
    const auto argv = kind == "nginx" ? nginx(page) : caddy(page);
    pid_ = start_program(argv,
                         {.environment = {{"XDG_DATA_HOME", folder_ / "data"},
                                          {"XDG_CONFIG_HOME", folder_ / "config"}}},
                         {.out = folder_ / "out", .err = folder_ / "err"});
  }
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;
  ~Proxy() {
    ::kill(pid_, SIGTERM);
    if (!wait_for_program(pid_, kGenerous)) ::kill(pid_, SIGKILL);
  }
  [[nodiscard]] std::string certificate() const { return folder_ / "chat.pem"; }
  [[nodiscard]] const std::string& port() const { return port_; }
  [[nodiscard]] const std::string& plain_port() const { return plain_port_; }
  [[nodiscard]] std::string log() const { return file_text(folder_ / "err"); }

 private:
  std::vector<std::string> nginx(const std::string& page) const {
    write_file(folder_ / "chatd.conf",
               adapted("nginx.conf", {{"listen 443 ", "listen 127.0.0.1:" + port_ + " "},
                                      {"listen [::]:443 ssl http2;", ""},
                                      {"/etc/ssl/certs/chat.pem", certificate()},
                                      {"/etc/ssl/private/chat.key", folder_ / "chat.key"},
                                      {"127.0.0.1:8880", page},
                                      {"listen 80;", "listen 127.0.0.1:" + plain_port_ + ";"},
                                      {"listen [::]:80;", ""}}));
    std::string places;
    for (const char* place : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
      places += std::string{place} + "_temp_path " + (folder_ / place) + ";\n";
    }
    write_file(folder_ / "nginx.conf", "daemon off;\npid " + (folder_ / "pid") +
                                           ";\nevents {}\nhttp {\naccess_log off;\n" + places +
                                           "include " + (folder_ / "chatd.conf") + ";\n}\n");
    return {"/usr/sbin/nginx", "-e", "stderr", "-c", folder_ / "nginx.conf"};
  }
  std::vector<std::string> caddy(const std::string& page) const {
    const std::string ports = "\thttps_port " + port_ + "\n\thttp_port " + plain_port_ + "\n";
    write_file(
        folder_ / "Caddyfile",
        "{\n\tadmin off\n\tdefault_bind 127.0.0.1\n" + ports + "}\n" +
            adapted("Caddyfile", {{"#tls /etc/ssl/certs/chat.pem /etc/ssl/private/chat.key",
                                   "tls " + certificate() + " " + (folder_ / "chat.key")},
                                  {"reverse_proxy 127.0.0.1:8880", "reverse_proxy " + page}}));
    return {"/usr/bin/caddy", "run", "--adapter", "caddyfile", "--config", folder_ / "Caddyfile"};
  }

  TempDir folder_;
  std::string port_{std::to_string(free_tcp_port())};
  std::string plain_port_{std::to_string(free_tcp_port())};
  pid_t pid_{-1};
};

class BehindAProxy : public ::testing::TestWithParam<const char*> {
 protected:
  BehindAProxy() {
    DaemonUnderTest::Options options;
    // The network of the client, too: an address that a client has written in front would count.
    options.config = "web.hosts = [\"chat.example.org\"]\nweb.proxies = [\"127.0.0.0/8\"]\n";
    options.web = {"127.0.0.1:0"};
    daemon_ = std::make_unique<DaemonUnderTest>(options);
    page_ = daemon_->ctl_json({"status"}).at("web").at(0).get<std::string>();
    proxy_ = std::make_unique<Proxy>(GetParam(), page_);
    EXPECT_TRUE(eventually([&] { return get("/healthz").out == "ok\n"; }))
        << proxy_->log() << get("/healthz").err << kInstalls;
  }
  ~BehindAProxy() override {
    if (stream_ > 0) close_stream();
  }
  BehindAProxy(const BehindAProxy&) = delete;
  BehindAProxy& operator=(const BehindAProxy&) = delete;

  [[nodiscard]] std::string origin() const {
    return "https://" + std::string{kName} + ":" + proxy_->port();
  }
  [[nodiscard]] std::vector<std::string> curl(const std::string& url,
                                              const std::vector<std::string>& more) const {
    std::vector<std::string> argv{"/usr/bin/curl", "-sS",       "--noproxy", "*",
                                  "--interface",   "127.0.0.2", "--cacert",  proxy_->certificate()};
    for (const std::string& port : {proxy_->port(), proxy_->plain_port()}) {
      argv.insert(argv.end(), {"--resolve", std::string{kName} + ":" + port + ":127.0.0.1"});
    }
    argv.insert(argv.end(), {"-H", "Authorization: Bearer " + token_, "-H", "X-Client: 7"});
    argv.insert(argv.end(), more.begin(), more.end());
    argv.push_back(url);
    return argv;
  }
  [[nodiscard]] Finished get(const std::string& path,
                             const std::vector<std::string>& more = {}) const {
    return run_program(curl(origin() + path, more));
  }
  [[nodiscard]] Finished post(const std::string& url, const nlohmann::json& body,
                              std::vector<std::string> more = {}) const {
    more.insert(more.end(),
                {"-H", "Content-Type: application/json", "-d", body.dump(), "-w", "%{http_code}"});
    return run_program(curl(url, more));
  }
  [[nodiscard]] Finished enter(const std::string& url,
                               const std::vector<std::string>& more = {}) const {
    return post(url + "/api/session", {{"name", "ada"}, {"token", token_}, {"client", "7"}}, more);
  }
  // The events are written to a file as they come.
  void open_stream(const std::string& url, const std::vector<std::string>& more = {}) {
    std::vector<std::string> all{"-N"};
    all.insert(all.end(), more.begin(), more.end());
    stream_ = start_program(curl(url + "/api/events", all), {},
                            {.out = folder_ / "events", .err = folder_ / "err"});
  }
  void close_stream() {
    ::kill(stream_, SIGTERM);
    EXPECT_TRUE(wait_for_program(stream_, kGenerous));
    stream_ = -1;
  }
  [[nodiscard]] bool hears(const std::string& text) const {
    return eventually([&] { return file_text(folder_ / "events").contains(text); });
  }
  // Connections of the page that its process has not closed: established, or CLOSE_WAIT.
  [[nodiscard]] int open_connections() const {
    const std::string end = fmt::format(":{:04X}", parse_endpoint(page_).value().port);
    std::istringstream rows{file_text("/proc/net/tcp")};
    int count = 0;
    for (std::string row; std::getline(rows, row);) {
      std::istringstream columns{row};
      std::string number;
      std::string local;
      std::string remote;
      std::string state;
      columns >> number >> local >> remote >> state;
      if (local.ends_with(end) && (state == "01" || state == "08")) ++count;
    }
    return count;
  }

  std::string token_ = std::string(42, 'a') + "A";
  TempDir folder_;
  std::unique_ptr<DaemonUnderTest> daemon_;
  std::string page_;
  std::unique_ptr<Proxy> proxy_;
  pid_t stream_{-1};
};

TEST_P(BehindAProxy, ThePageAndItsEventsComeOverTls) {
  EXPECT_THAT(get("/", {"-i"}).out, HasSubstr("HTTP/2 200"));
  const auto moved =
      run_program(curl("http://" + std::string{kName} + ":" + proxy_->plain_port() + "/", {"-i"}));
  EXPECT_THAT(moved.out, HasSubstr("ocation: https://chat.example.org"));
  const auto entered = enter(origin(), {"-H", "Origin: " + origin()});
  EXPECT_TRUE(entered.out.ends_with("201")) << entered.out << entered.err;
  open_stream(origin());
  std::uint64_t n = 0;
  for (const std::string text : {"the water boils", "tea is ready"}) {
    const auto said = post(origin() + "/api/commands",
                           {{"n", ++n}, {"kind", "say"}, {"room", ""}, {"text", text}},
                           {"-H", "Origin: " + origin()});
    EXPECT_TRUE(said.out.ends_with("200")) << said.out << said.err;
    EXPECT_TRUE(hears(text)) << proxy_->log();
    EXPECT_GE(open_connections(), 1) << "the stream is still open";
  }
  close_stream();
  EXPECT_TRUE(eventually([&] { return open_connections() == 0; }))
      << "a browser that has gone would be a member for ever";
}

TEST_P(BehindAProxy, AnAddressThatTheClientWritesDoesNotCount) {
  const auto entered =
      enter(origin(), {"-H", "X-Forwarded-For: 203.0.113.9", "-H", "X-Forwarded-Proto: http", "-H",
                       "X-Real-IP: 203.0.113.9", "-H", "Forwarded: for=203.0.113.9"});
  ASSERT_TRUE(entered.out.ends_with("201")) << entered.out << entered.err;
  const auto users = daemon_->ctl({"users", "--json"}).out;
  EXPECT_THAT(users, HasSubstr("127.0.0.2"));
  EXPECT_THAT(users, Not(HasSubstr("203.0.113.9")));
}

TEST_P(BehindAProxy, CommandsThatNeedTlsAreAllowedThroughItOnly) {
  const nlohmann::json make{{"n", 1}, {"kind", "make"}, {"room", "lab"}};
  const std::string plain = "http://" + page_;
  // As from a proxy without TLS.
  std::vector<std::string> host{"-H", "Host: " + std::string{kName}, "-H",
                                "X-Forwarded-For: 192.0.2.1"};
  ASSERT_TRUE(enter(plain, host).out.ends_with("201"));
  open_stream(plain, host);
  EXPECT_TRUE(post(plain + "/api/commands", make, host).out.ends_with("200"));
  EXPECT_TRUE(hears("needs_tls"));
  close_stream();
  host.insert(host.end(), {"-X", "DELETE", "-w", "%{http_code}"});
  const auto left = run_program(curl(plain + "/api/session", host));
  EXPECT_TRUE(left.out.ends_with("200")) << left.out << left.err;
  token_ = std::string(42, 'b') + "A";  // the other one was sent in clear
  const auto entered = enter(origin());
  ASSERT_TRUE(entered.out.ends_with("201")) << entered.out << entered.err;
  open_stream(origin());
  EXPECT_TRUE(post(origin() + "/api/commands", make).out.ends_with("200"));
  EXPECT_TRUE(hears("room_joined")) << proxy_->log();
}

INSTANTIATE_TEST_SUITE_P(OfDebian, BehindAProxy, ::testing::Values("nginx", "caddy"),
                         [](const auto& tested) { return std::string{tested.param}; });

}  // namespace
}  // namespace chatd::test
