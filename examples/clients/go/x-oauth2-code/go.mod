module example.sparring/x-oauth2-code

go 1.26.0

require example.sparring/session v0.0.0

require golang.org/x/oauth2 v0.37.0

replace example.sparring/session => ../session
