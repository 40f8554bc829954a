package client

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var fakes struct {
	ControlURL string `json:"control_url"`
	Providers  map[string]struct {
		ClientID     string            `json:"client_id"`
		ClientSecret string            `json:"client_secret"`
		Scope        string            `json:"scope"`
		Endpoints    map[string]string `json:"endpoints"`
	} `json:"providers"`
}

// The fakes are started before the first test and ended after the last.
func TestMain(m *testing.M) {
	code, err := withFakes(m.Run)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func withFakes(run func() int) (int, error) {
	folder, err := os.MkdirTemp("", "sparring")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(folder)
	ready := filepath.Join(folder, "ready.json")
	fake := exec.Command("sparring", "serve", "clickview", "--port", "0", "--ready-file", ready)
	if err := fake.Start(); err != nil {
		return 1, err
	}
	ended := make(chan error, 1)
	go func() { ended <- fake.Wait() }()
	for {
		if content, err := os.ReadFile(ready); err == nil {
			if err := json.Unmarshal(content, &fakes); err != nil {
				return 1, err
			}
			break
		}
		select {
		case err := <-ended:
			return 1, fmt.Errorf("sparring serve ended: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
	code := run()
	fake.Process.Signal(os.Interrupt)
	<-ended
	return code, nil
}

func control(t *testing.T, path, body string) {
	t.Helper()
	answer, err := http.Post(fakes.ControlURL+"/stages/main/"+path, "application/json", bytes.NewBufferString(body))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		t.Fatalf("%s: %d", path, answer.StatusCode)
	}
}

func tokenRequests(t *testing.T) int {
	t.Helper()
	answer, err := http.Get(fakes.ControlURL + "/stages/main/recording?endpoint=token")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var found struct{ Exchanges []struct{} }
	if err := json.NewDecoder(answer.Body).Decode(&found); err != nil {
		t.Fatal(err)
	}
	return len(found.Exchanges)
}

// A client on a fresh stage, and the hand of its clock.
func newClient(t *testing.T) (*Client, *time.Duration) {
	t.Helper()
	control(t, "reset", "{}")
	var passed time.Duration
	its := fakes.Providers["clickview"]
	return &Client{
		TokenURL: its.Endpoints["token"], APIURL: its.Endpoints["api"],
		ID: its.ClientID, Secret: its.ClientSecret, Scope: its.Scope,
		Now: func() time.Time { return time.Now().Add(passed) },
	}, &passed
}

func TestOneTokenServesSeveralCalls(t *testing.T) {
	client, _ := newClient(t)
	for range 2 {
		if err := client.Get(); err != nil {
			t.Fatal(err)
		}
	}
	if found := tokenRequests(t); found != 1 {
		t.Fatalf("%d token requests", found)
	}
}

func TestAnOldTokenIsRenewed(t *testing.T) {
	client, passed := newClient(t)
	if err := client.Get(); err != nil {
		t.Fatal(err)
	}
	*passed = 80_000 * time.Second
	control(t, "clock/advance", `{"seconds": 80000}`)
	if err := client.Get(); err != nil {
		t.Fatal(err)
	}
	if found := tokenRequests(t); found != 2 {
		t.Fatalf("%d token requests", found)
	}
}

func TestARefusalIsSaid(t *testing.T) {
	client, _ := newClient(t)
	control(t, "faults", `{"match": {"endpoint": "token"},
		"effect": {"kind": "replace", "status": 400, "body": {"error": "invalid_scope"}}}`)
	if err := client.Get(); err == nil || !strings.Contains(err.Error(), "invalid_scope") {
		t.Fatalf("not what was expected: %v", err)
	}
}
