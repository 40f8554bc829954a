# A client that asks for one token and calls the API once: any command will do.
sparring check clickview -- sh examples/clients/curl_clickview.sh

# A client that stays alive and takes instructions shows more: caching, renewal, rotation.
sparring check clickview --driver session -- python examples/clients/session_minimal.py
