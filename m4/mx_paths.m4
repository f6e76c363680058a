# MX_PATHS: paths with a space are refused here; make and libtool cut them there, in the middle of a build or an installation.
AC_DEFUN([MX_PATHS], [
  for mx_path in "$ac_pwd" "$srcdir" "$prefix" "$exec_prefix" "$bindir" "$libdir" "$includedir" "$datarootdir" "$datadir" "$docdir" "$mandir"; do
    AS_CASE(["$mx_path"], [*@<:@@<:@:space:@:>@@:>@*],
      [AC_MSG_ERROR([wanted folders without a space in their paths (make and libtool cut them there), found '$mx_path'])])
  done
])
