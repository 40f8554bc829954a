// A school's viewer of ClickView videos, with net/http: a token by client credentials, and with it one call.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

var client = &http.Client{
	Timeout:       10 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func ask(request *http.Request) ([]byte, error) {
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answered %s", request.URL.Host, response.Status)
	}
	return io.ReadAll(io.LimitReader(response.Body, 1<<20))
}

func token() (string, error) {
	form := url.Values{
		"grant_type":    {"client_credentials"},
		"client_id":     {os.Getenv("CLICKVIEW_ID")},
		"client_secret": {os.Getenv("CLICKVIEW_SECRET")},
		"scope":         {"smartembed.viewkey"},
	}
	request, err := http.NewRequest("POST", "https://auth.clickviewapp.com/connect/token", strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	body, err := ask(request)
	if err != nil {
		return "", err
	}
	var issued struct {
		AccessToken string `json:"access_token"`
		TokenType   string `json:"token_type"`
	}
	if err := json.Unmarshal(body, &issued); err != nil {
		return "", err
	}
	if !strings.EqualFold(issued.TokenType, "Bearer") || issued.AccessToken == "" {
		return "", errors.New("that is no Bearer token")
	}
	return issued.AccessToken, nil
}

func run() error {
	held, err := token()
	if err != nil {
		return err
	}
	request, err := http.NewRequest("GET", "https://integrations.clickviewapp.com/api/v1/example", nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+held)
	_, err = ask(request)
	return err
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("done")
}
