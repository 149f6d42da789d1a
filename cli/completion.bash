# bash completion for ikescope; goes to /usr/share/bash-completion/completions/ikescope

_ikescope() {
    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W "analyze read decrypt keys simulate --help --version" -- "$current")
        return
    fi
    if [[ ${COMP_WORDS[1]} == simulate && $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "--config --initiator -w --log-dir --secrets-out --seed --detail --delay --loss --help" -- "$current")
        return
    fi
    case $before in
    --format) mapfile -t COMPREPLY < <(compgen -W "text json html" -- "$current") ;;
    --export) mapfile -t COMPREPLY < <(compgen -W "wireshark tcpdump hashcat ike-scan xfrm" -- "$current") ;;
    --fail-on) mapfile -t COMPREPLY < <(compgen -W "error warning" -- "$current") ;;
    --psk | --dh-secret | --dh-private | -f | --seed | --delay | --loss | --initiator) COMPREPLY=() ;;
    -d) mapfile -t COMPREPLY < <(compgen -W "udp.port==" -- "$current") ;;
    *)
        if [[ $current == -* ]]; then
            mapfile -t COMPREPLY < <(compgen -W "-f -d -o -w --format --export --fail-on --psk --psk-file --dh-secret --dh-private
                --secrets --private-key --ca --config --strict-secrets --show-secrets --help" -- "$current")
        else
            mapfile -t COMPREPLY < <(compgen -f -- "${current#*=}")
        fi
        ;;
    esac
}
complete -o filenames -F _ikescope ikescope
