# bash completion for ikescope; goes to /usr/share/bash-completion/completions/ikescope

_ikescope() {
    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W "analyze read --help --version" -- "$current")
        return
    fi
    case $before in
    --format) mapfile -t COMPREPLY < <(compgen -W "text json html" -- "$current") ;;
    --fail-on) mapfile -t COMPREPLY < <(compgen -W "error warning" -- "$current") ;;
    --psk | --dh-secret | --dh-private | -f) COMPREPLY=() ;;
    -d) mapfile -t COMPREPLY < <(compgen -W "udp.port==" -- "$current") ;;
    *)
        if [[ $current == -* ]]; then
            mapfile -t COMPREPLY < <(compgen -W "-f -d -o --format --fail-on --psk --psk-file --dh-secret --dh-private
                --secrets --config --strict-secrets --show-secrets --help" -- "$current")
        else
            mapfile -t COMPREPLY < <(compgen -f -- "${current#*=}")
        fi
        ;;
    esac
}
complete -o filenames -F _ikescope ikescope
