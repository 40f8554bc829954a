package session

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"time"
)

// CallbackOf opens a browser at that address, and gives the query with which the person comes back.
func CallbackOf(address string) (url.Values, error) {
	redirectURI, err := url.Parse(Setting("REDIRECT_URI"))
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", redirectURI.Host)
	if err != nil {
		return nil, err
	}
	arrived := make(chan url.Values, 1)
	pages := http.NewServeMux()
	pages.HandleFunc(redirectURI.Path, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("Connection", "close")
		w.Write([]byte("You can close this window."))
		w.(http.Flusher).Flush()
		select {
		case arrived <- r.URL.Query():
		default:
		}
	})
	server := &http.Server{Handler: pages, ReadTimeout: 2 * time.Second}
	go server.Serve(listener)
	defer server.Close()
	if err := exec.Command(os.Getenv("BROWSER"), address).Start(); err != nil {
		return nil, err
	}
	select {
	case query := <-arrived:
		return query, nil
	case <-time.After(Patience()):
		return nil, errors.New("nobody came back from the sign-in page")
	}
}
