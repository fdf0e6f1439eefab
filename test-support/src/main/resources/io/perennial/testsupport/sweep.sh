jvm=$1
directory=$2
while kill -0 "$jvm" 2>/dev/null; do sleep 1; done
for record in "$directory"/run/*.json; do
  pid=$(sed -n 's/.*"pid":\([0-9][0-9]*\).*/\1/p' "$record" 2>/dev/null)
  [ -n "$pid" ] || continue
  if [ -r "/proc/$pid/cmdline" ]; then
    line=$(tr '\0' ' ' <"/proc/$pid/cmdline")
  else
    line=$(ps -o args= -p "$pid" 2>/dev/null)
  fi
  case $line in
    *"$directory"*) kill -CONT "$pid"; kill -QUIT "$pid"; sleep 0.3; kill -KILL "$pid" ;;
  esac
done 2>/dev/null
sleep 1
rm -rf "$directory"
