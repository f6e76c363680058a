# MX_WARNINGS: the warnings that every file must compile without; --enable-werror makes them errors.
AC_DEFUN([MX_WARNINGS], [
  AC_ARG_ENABLE([werror], [AS_HELP_STRING([--enable-werror], [turn warnings into errors (for maintainers and CI)])],
    [], [enable_werror=no])
  MX_WARN_CFLAGS="-Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes"
  AS_IF([test "$enable_werror" = yes], [MX_WARN_CFLAGS="$MX_WARN_CFLAGS -Werror"])
  AC_SUBST([MX_WARN_CFLAGS])
])
