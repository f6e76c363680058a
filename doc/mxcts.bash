# bash completion for mxcts. SPDX-License-Identifier: BSD-3-Clause
# Verbs, options, axes and their values are asked of the command itself, so that they cannot differ from it.

_mxcts_profiles() { "$1" list profiles 2>/dev/null | sed 's/ .*//'; }
_mxcts_packs() { "$1" list packs 2>/dev/null | sed -n 's/^smoke\/\([^ ]*\)\.mxv .*/\1/p'; }
_mxcts_clauses() { "$1" clauses --format tsv 2>/dev/null | sed -n 's/^\([MO][A-Z0-9]*-[^\t]*\)\t.*/\1/p'; }

# the words that may follow an option: a|b|c of its help line, or what its argument's name stands for
_mxcts_values() {
    local arg
    arg=$("$1" "$2" --help 2>/dev/null | sed -n "s/^.*--$3=\\([^ ]*\\).*/\\1/p")
    case $arg in
        *'|'*) tr '|' '\n' <<<"$arg" ;;
        NAME* | PROFILE*) _mxcts_profiles "$1" ;;
        SUBJECT) "$1" list subjects 2>/dev/null | sed -n '/^[a-z0-9]* /s/ .*//p' && printf 'lib:\npipe:\n' ;;
        CLAUSE) _mxcts_clauses "$1" ;;
        PACK) _mxcts_packs "$1" ;;
        MUTANT) "$1" list mutants 2>/dev/null | sed 's/ .*//' ;;
        OP,*) "$1" list ops 2>/dev/null | sed 's/ .*//' ;;
        ELEM*) printf '%s\n' e5m2 e4m3 e3m2 e2m3 e2m1 int8 ;;
        ISA*) "$1" list subjects 2>/dev/null | sed -n '/ the fast implementation/s/ .*//p' ;;
        TYPE*) printf '%s\n' fp32 bf16 fp16 fp64 ;;
        AXIS=VALUE) "$1" list axes 2>/dev/null | sed 's/ .*/=/' ;;
    esac
}

# axis= of every axis, or axis=value of the one begun
_mxcts_axes() {
    "$1" list axes 2>/dev/null | while read -r axis values; do
        case $2 in
            "$axis="*) for value in $values; do echo "$axis=${value/:N/:}"; done ;;
            *=*) ;;
            *) echo "$axis=" ;;
        esac
    done
}

_mxcts() {
    local command=${COMP_WORDS[0]} verb='' line word words choices
    COMPREPLY=()
    # the words as typed, '=' not splitting them
    line=${COMP_LINE:0:COMP_POINT}
    read -r -a words <<<"$line"
    case $line in *' ') words+=('') ;; esac
    word=${words[${#words[@]} - 1]}
    [ ${#words[@]} -gt 2 ] && verb=${words[1]}

    case $verb,$word in
        ,*) choices=$("$command" --help 2>/dev/null | sed -n '/^Verbs:/,/^$/s/^  \([a-z-]*\) .*/\1/p'; printf '%s\n' --help --version) ;;
        *,--*=*)
            local option=${word%%=*} before=''
            case $word in *=*,*) before=${word#*=} before=${before%,*}, ;; esac
            choices=$(_mxcts_values "$command" "$verb" "${option#--}" | sed "s/^/$option=$before/")
            ;;
        *,-*) choices=$("$command" "$verb" --help 2>/dev/null | sed -n 's/^  .*\(--[a-z0-9-]*=\{0,1\}\).*/\1/p') ;;
        explain,*=* | bisect,*=* | gen,*=* | sweep,*=*) choices=$(_mxcts_axes "$command" "$word") ;;
        explain,* | bisect,*)
            choices=$("$command" list ops 2>/dev/null | sed 's/ .*//'; printf '%s\n' elem= type= k=; _mxcts_axes "$command" "$word")
            ;;
        gen,*)
            choices=$("$command" list ops 2>/dev/null | sed 's/ .*//'; printf '%s\n' elem= type= k=
                _mxcts_axes "$command" "$word"; _mxcts_packs "$command")
            ;;
        sweep,*) choices=$(printf '%s\n' cast scale scaled-cast; _mxcts_axes "$command" "$word") ;;
        run,*) # or a path
            choices=$(_mxcts_clauses "$command"; "$command" list tags 2>/dev/null | sed 's/ .*//'; _mxcts_packs "$command")
            compopt -o default 2>/dev/null
            ;;
        mutate,* | coverage,*)
            choices=$(_mxcts_packs "$command")
            compopt -o default 2>/dev/null
            ;;
        clauses,*) choices=$(_mxcts_clauses "$command") ;;
        list,*) choices='packs profiles ops axes subjects mutants tags' ;;
        info,*)
            choices=$(printf '%s\n' formats e5m2 e4m3 e3m2 e2m3 e2m1 int8 e8m0 axes profiles
                _mxcts_profiles "$command")
            ;;
        *) compopt -o default 2>/dev/null; return ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$word")
    # where '=' splits words, bash replaces what follows the last one only
    local i cut=0
    if [[ $word == *=* && $COMP_WORDBREAKS == *=* ]]; then
        cut=${word%=*}=
        cut=${#cut}
    fi
    for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=${COMPREPLY[i]:cut}; done
    case ${COMPREPLY[0]:-} in *= | *:) compopt -o nospace 2>/dev/null ;; esac
    return 0
}
complete -F _mxcts mxcts
