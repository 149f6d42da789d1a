# bash completion for ikescope; goes to /usr/share/bash-completion/completions/ikescope

_ikescope() {
    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W "analyze read import decrypt keys predict psk simulate --help --version" -- "$current")
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
    --engine) mapfile -t COMPREPLY < <(compgen -W "avx512 avx2 portable" -- "$current") ;;
    --mask | --append | --jobs | -[1-4]) COMPREPLY=() ;;
    --psk | --dh-secret | --dh-private | -f | --seed | --delay | --loss | --initiator) COMPREPLY=() ;;
    -d) mapfile -t COMPREPLY < <(compgen -W "udp.port==" -- "$current") ;;
    *)
        if [[ $current == -* && ${COMP_WORDS[1]} == psk ]]; then
            mapfile -t COMPREPLY < <(compgen -W "-f -d -1 -2 -3 -4 --wordlist --rules --append --mask --stdin --all --session --jobs
                --engine --progress --format --psk --psk-file --dh-secret --dh-private --secrets --config --strict-secrets
                --show-secrets --help" -- "$current")
        elif [[ $current == -* && ${COMP_WORDS[1]} == read ]]; then
            mapfile -t COMPREPLY < <(compgen -W "-r -f -Y -d -T -e -E -V -x -O -t -c -n -l -2 -w -F -P -q --psk --psk-file --dh-secret --dh-private
                --secrets --private-key --ca --config --router-log --strict-secrets --show-secrets --help" -- "$current")
        elif [[ $current == -* ]]; then
            mapfile -t COMPREPLY < <(compgen -W "-f -Y -d -o -w --format --export --fail-on --psk --psk-file --dh-secret --dh-private
                --secrets --private-key --ca --config --router-log --strict-secrets --show-secrets --detail --no-log --help" -- "$current")
        else
            mapfile -t COMPREPLY < <(compgen -f -- "${current#*=}")
        fi
        ;;
    esac
}
complete -o filenames -F _ikescope ikescope
