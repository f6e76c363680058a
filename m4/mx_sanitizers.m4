# MX_SANITIZERS: --enable-sanitizers builds everything but vector kernels under ASan and UBSan; --enable-fuzzers adds libFuzzer targets.
AC_DEFUN([MX_SANITIZERS], [
  AC_ARG_ENABLE([sanitizers],
    [AS_HELP_STRING([--enable-sanitizers], [build and test under AddressSanitizer and UndefinedBehaviorSanitizer])],
    [], [enable_sanitizers=no])
  AC_ARG_ENABLE([fuzzers],
    [AS_HELP_STRING([--enable-fuzzers], [build the libFuzzer targets (needs clang)])],
    [], [enable_fuzzers=no])
  MX_SAN_CFLAGS=
  AS_IF([test "$enable_sanitizers" = yes || test "$enable_fuzzers" = yes],
    [MX_SAN_CFLAGS="-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"])
  AS_IF([test "$enable_fuzzers" = yes], [
    AS_IF([$CC --version | grep -q clang], [MX_SAN_CFLAGS="$MX_SAN_CFLAGS -fsanitize=fuzzer-no-link"],
      [AC_MSG_ERROR([--enable-fuzzers needs clang: configure with CC=clang])])
  ])
  # clang warns of every loop that checks keep it from vectorizing
  AS_IF([test -n "$MX_SAN_CFLAGS" && $CC --version | grep -q clang], [MX_SAN_CFLAGS="$MX_SAN_CFLAGS -Wno-pass-failed"])
  AC_SUBST([MX_SAN_CFLAGS])
  # Kernels are all inlined, and compile for minutes where every access is checked, or every variable followed for the
  # debugger. Tests have them work between guard pages; `make MX_KERNEL_CFLAGS=` checks all they do.
  MX_KERNEL_CFLAGS=
  AS_IF([test -n "$MX_SAN_CFLAGS"], [MX_KERNEL_CFLAGS=-fno-sanitize=all])
  AS_IF([$CC --version | grep -q clang], [], [MX_KERNEL_CFLAGS="$MX_KERNEL_CFLAGS -fno-var-tracking"])
  AC_SUBST([MX_KERNEL_CFLAGS])
  # for tests that run under UBSan in every build
  MX_UBSAN_CFLAGS="-fsanitize=undefined -fno-sanitize-recover=all"
  mx_save_CFLAGS=$CFLAGS
  CFLAGS="$CFLAGS $MX_UBSAN_CFLAGS"
  AC_MSG_CHECKING([whether $CC links with UBSan])
  AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])], [AC_MSG_RESULT([yes])], [AC_MSG_RESULT([no]); MX_UBSAN_CFLAGS=])
  CFLAGS=$mx_save_CFLAGS
  AC_SUBST([MX_UBSAN_CFLAGS])
  AM_CONDITIONAL([MX_FUZZERS], [test "$enable_fuzzers" = yes])
])
