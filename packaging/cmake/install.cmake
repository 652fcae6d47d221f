# SPDX-License-Identifier: GPL-3.0-or-later
# Installs all files except the programs and their completions. The folders are those of
# GNUInstallDirs; with the prefix /usr they are those of a distribution.

# Debian 12 has its units in /lib, outside of the prefix /usr.
set(unit_dir lib/systemd/system)
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  pkg_get_variable(systemd_unit_dir systemd systemdsystemunitdir)
  if(systemd_unit_dir)
    set(unit_dir ${systemd_unit_dir})
  endif()
endif()
set(CHATD_UNIT_DIR ${unit_dir} CACHE STRING "Where systemd finds units")

foreach(section 1 7 8)
  file(GLOB pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/man/*.${section})
  install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()
install(FILES man/chatd.toml.5 DESTINATION ${CMAKE_INSTALL_MANDIR}/man5)

# Scripts that the unit runs.
set(CHATD_HELPER_DIR ${CMAKE_INSTALL_PREFIX}/lib/chatd)
install(PROGRAMS systemd/check-port systemd/close-sockets DESTINATION lib/chatd)

# The unit has the installed paths of the programs and the settings.
configure_file(systemd/chatd.service.in ${PROJECT_BINARY_DIR}/chatd.service @ONLY)
install(FILES
  ${PROJECT_BINARY_DIR}/chatd.service
  systemd/chatd.socket
  systemd/chatd-control.socket
  systemd/chatd-web.socket
  DESTINATION ${CHATD_UNIT_DIR})
install(FILES systemd/chatd.sysusers DESTINATION lib/sysusers.d RENAME chatd.conf)
install(FILES systemd/chatd.catalog DESTINATION lib/systemd/catalog)
install(FILES packaging/fail2ban/chatd.conf
  DESTINATION ${CMAKE_INSTALL_FULL_SYSCONFDIR}/fail2ban/filter.d)
install(FILES packaging/firewall/chatd.ufw
  DESTINATION ${CMAKE_INSTALL_FULL_SYSCONFDIR}/ufw/applications.d RENAME chatd)
install(FILES packaging/firewall/chatd.xml packaging/firewall/chatd-web.xml
  DESTINATION lib/firewalld/services)

# An installation does not overwrite existing settings.
set(config_dir ${CMAKE_INSTALL_FULL_SYSCONFDIR}/chatd)
install(CODE "
  if(NOT EXISTS \"\$ENV{DESTDIR}${config_dir}/chatd.toml\")
    file(INSTALL \"${PROJECT_SOURCE_DIR}/packaging/chatd.toml\" DESTINATION \"${config_dir}\")
  endif()")
