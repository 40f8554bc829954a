module example.sparring/session

go 1.26.0
