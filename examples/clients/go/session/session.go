// Package session speaks the JSON lines of `sparring check --driver session`, and waits at the redirect URI.
package session

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"
)

// Client is what is driven. Authenticate gives the token's end, or the zero time where none is known.
type Client interface {
	Authenticate(fresh bool) (time.Time, error)
	CallAPI() error
}

type instruction struct {
	ID       int    `json:"id"`
	Do       string `json:"do"`
	Fresh    bool   `json:"fresh"`
	Times    int    `json:"times"`
	Parallel bool   `json:"parallel"`
}

type done struct {
	Sparring  string `json:"sparring"`
	ID        int    `json:"id"`
	Outcome   string `json:"outcome"`
	Detail    string `json:"detail,omitempty"`
	ExpiresAt *int64 `json:"expires_at,omitempty"`
}

// Setting is the environment's SPARRING_ with that name, or empty.
func Setting(name string) string {
	return os.Getenv("SPARRING_" + name)
}

// Patience is half of the time that an instruction may take.
func Patience() time.Duration {
	seconds, _ := strconv.ParseFloat(Setting("TIMEOUT"), 64)
	return time.Duration(seconds / 2 * float64(time.Second))
}

// Serve obeys until it is told to quit.
func Serve(client Client) {
	out := json.NewEncoder(os.Stdout)
	fmt.Println(`{"sparring":"ready","protocol":1}`)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var told instruction
		if err := json.Unmarshal(lines.Bytes(), &told); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		reply := done{Sparring: "done", ID: told.ID, Outcome: "ok"}
		var err error
		switch told.Do {
		case "authenticate":
			var end time.Time
			if end, err = client.Authenticate(told.Fresh); !end.IsZero() {
				seconds := end.Unix()
				reply.ExpiresAt = &seconds
			}
		case "call_api":
			err = call(client, max(told.Times, 1), told.Parallel)
		}
		if err != nil {
			reply.Outcome, reply.Detail = "error", shortened(err)
		}
		out.Encode(reply)
		if told.Do == "quit" {
			return
		}
	}
}

func call(client Client, times int, parallel bool) error {
	var group sync.WaitGroup
	failures := make([]error, times)
	for i := range times {
		group.Go(func() { failures[i] = client.CallAPI() })
		if !parallel {
			group.Wait()
		}
	}
	group.Wait()
	for _, failure := range failures {
		if failure != nil {
			return failure
		}
	}
	return nil
}

// Get calls the API; any answer but a success is an error.
func Get(client *http.Client) error {
	request, err := http.NewRequest(http.MethodGet, Setting("API_URL"), nil)
	if err != nil {
		return err
	}
	if Setting("PROVIDER") == "ingest" {
		request.Header.Set("Accept", "application/vnd.ingest.v1+json")
	}
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	io.Copy(io.Discard, answer.Body)
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the API answered %d", answer.StatusCode)
	}
	return nil
}

func shortened(err error) string {
	text := fmt.Sprintf("%T: %v", err, err)
	return text[:min(len(text), 300)]
}
