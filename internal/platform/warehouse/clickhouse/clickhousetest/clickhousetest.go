// SPDX-License-Identifier: Apache-2.0

// Package clickhousetest starts ClickHouse servers for tests from the folder
// that scripts/clickhouse-for-tests.sh unpacks.
package clickhousetest

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Variable names the folder with the unpacked package.
const Variable = "DANGOL_TEST_CLICKHOUSE"

// Server is one process.
type Server struct {
	HTTP    int
	command *exec.Cmd
}

// Cluster is one or more servers, each a shard of the cluster "dangol".
type Cluster struct{ Servers []*Server }

// Start starts servers on free loopback ports; the test is skipped without the package.
func Start(t testing.TB, shards int) *Cluster {
	t.Helper()
	root := os.Getenv(Variable)
	if _, err := os.Stat(filepath.Join(root, "usr/sbin/clickhouse-server")); root == "" || err != nil {
		t.Skipf("no ClickHouse server: run by scripts/clickhouse-for-tests.sh, which sets %s", Variable)
	}
	ports := freePorts(t, shards*3)
	var replicas strings.Builder
	for i := range shards {
		fmt.Fprintf(&replicas, "<shard><internal_replication>true</internal_replication><replica><host>127.0.0.1</host><port>%d</port></replica></shard>", ports[i*3+1])
	}
	c := &Cluster{}
	for i := range shards {
		c.Servers = append(c.Servers, start(t, root, ports[i*3:i*3+3], replicas.String()))
	}
	for _, s := range c.Servers {
		s.await(t)
	}
	return c
}

// Address is what a mirror is opened with.
func (c *Cluster) Address() string {
	hosts := make([]string, len(c.Servers))
	for i, s := range c.Servers {
		hosts[i] = fmt.Sprintf("127.0.0.1:%d", s.HTTP)
	}
	address := "clickhouse://" + strings.Join(hosts, ",") + "/default"
	if len(hosts) > 1 {
		address += "?cluster=dangol"
	}
	return address
}

// Kill ends a server at once.
func (s *Server) Kill() {
	_ = s.command.Process.Kill()
	_ = s.command.Wait()
}

// Freeze stops a server without closing its connections.
func (s *Server) Freeze() { _ = s.command.Process.Signal(syscall.SIGSTOP) }

func freePorts(t testing.TB, n int) []int {
	t.Helper()
	ports := make([]int, n)
	for i := range ports {
		l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // a moment
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = l.Close() }()
		ports[i] = l.Addr().(*net.TCPAddr).Port
	}
	return ports
}

const settings = `<yandex>
<logger><level>warning</level><log>%[1]s/log</log><errorlog>%[1]s/errors</errorlog></logger>
<listen_host>127.0.0.1</listen_host><http_port>%[2]d</http_port><tcp_port>%[3]d</tcp_port><interserver_http_port>%[4]d</interserver_http_port>
<path>%[1]s/data/</path><tmp_path>%[1]s/tmp/</tmp_path><users_config>%[1]s/users.xml</users_config>
<default_profile>default</default_profile><default_database>default</default_database><mark_cache_size>50000000</mark_cache_size>
<remote_servers><dangol>%[5]s</dangol></remote_servers>
</yandex>`

const users = `<yandex><profiles><default><max_memory_usage>1000000000</max_memory_usage><max_threads>2</max_threads><connect_timeout>2</connect_timeout></default></profiles>
<users><default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default></users>
<quotas><default><interval><duration>3600</duration><queries>0</queries></interval></default></quotas></yandex>`

func start(t testing.TB, root string, ports []int, replicas string) *Server {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"config.xml": fmt.Sprintf(settings, dir, ports[0], ports[1], ports[2], replicas), "users.xml": users} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.Command(filepath.Join(root, "usr/sbin/clickhouse-server"), "--config-file="+filepath.Join(dir, "config.xml")) //nolint:gosec,noctx // ended below
	command.Env = append(os.Environ(), "LD_LIBRARY_PATH="+libraries(root))
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	s := &Server{HTTP: ports[0], command: command}
	t.Cleanup(s.Kill)
	return s
}

func libraries(root string) string {
	seen := map[string]bool{}
	var list []string
	_ = filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if dir := filepath.Dir(path); err == nil && strings.Contains(entry.Name(), ".so") && !seen[dir] {
			seen[dir] = true
			list = append(list, dir)
		}
		return nil
	})
	return strings.Join(list, ":")
}

func (s *Server) await(t testing.TB) {
	t.Helper()
	for range 300 {
		response, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/ping", s.HTTP)) //nolint:noctx,bodyclose // closed below
		if err == nil {
			_, _ = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
			return
		}
		<-time.After(100 * time.Millisecond)
	}
	t.Fatal("the ClickHouse server did not start")
}
