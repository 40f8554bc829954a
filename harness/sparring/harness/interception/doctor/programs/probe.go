package main

import (
	"net/http"
	"os"
	"time"
)

func main() {
	client := http.Client{Timeout: 8 * time.Second}
	if _, err := client.Get(os.Args[1]); err != nil {
		os.Exit(1)
	}
}
