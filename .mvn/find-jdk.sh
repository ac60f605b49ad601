# Sourced by ./mvnw and ./millwright. Sets JAVA_HOME to a JDK 25 or newer, or says what to install and fails.

jdk_major() { # the feature version of the JDK at $1, or nothing; needs a compiler, since the first start builds
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -f "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

jdk_fits() { major=$(jdk_major "$1"); [ -n "$major" ] && [ "$major" -ge 25 ]; }

find_jdk() {
  if [ -n "${JAVA_HOME-}" ] && jdk_fits "$JAVA_HOME"; then return 0; fi
  on_path=$(command -v javac 2>/dev/null || true)
  if [ -n "$on_path" ]; then
    home=$(cd "$(dirname "$(readlink -f "$on_path" 2>/dev/null || echo "$on_path")")/.." && pwd)
    if jdk_fits "$home"; then JAVA_HOME=$home; return 0; fi
  fi
  if [ -x /usr/libexec/java_home ]; then
    home=$(/usr/libexec/java_home -v 25+ 2>/dev/null || true)
    if [ -n "$home" ] && jdk_fits "$home"; then JAVA_HOME=$home; return 0; fi
  fi
  set +f
  for home in /usr/lib/jvm/* "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/* "$HOME"/.jdks/* /opt/java/* /opt/jdk* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if jdk_fits "$home"; then JAVA_HOME=$home; return 0; fi
  done
  echo "Millwright needs a JDK 25 or newer and found none: install one (for instance 'apt-get install temurin-25-jdk', 'sdk install java 25-tem' or https://adoptium.net) or set JAVA_HOME to it." >&2
  return 2
}

find_jdk || exit 2
export JAVA_HOME
