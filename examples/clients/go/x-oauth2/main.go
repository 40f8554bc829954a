// The package golang.org/x/oauth2/clientcredentials, which renews by itself, driven by `sparring check`.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

type instruction struct {
	ID       int    `json:"id"`
	Do       string `json:"do"`
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

func main() {
	config := clientcredentials.Config{
		ClientID:     os.Getenv("SPARRING_CLIENT_ID"),
		ClientSecret: os.Getenv("SPARRING_CLIENT_SECRET"),
		TokenURL:     os.Getenv("SPARRING_TOKEN_URL"),
		Scopes:       strings.Fields(os.Getenv("SPARRING_SCOPE")),
	}
	ctx := context.Background()
	source := config.TokenSource(ctx)
	client := oauth2.NewClient(ctx, source)

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
			var token *oauth2.Token
			if token, err = source.Token(); err == nil && !token.Expiry.IsZero() {
				end := token.Expiry.Unix()
				reply.ExpiresAt = &end
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

func call(client *http.Client, times int, parallel bool) error {
	var group sync.WaitGroup
	failures := make([]error, times)
	for i := range times {
		group.Add(1)
		go func() {
			defer group.Done()
			failures[i] = get(client)
		}()
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

func get(client *http.Client) error {
	answer, err := client.Get(os.Getenv("SPARRING_API_URL"))
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
