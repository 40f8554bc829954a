from videos import Videos


def test_an_expired_token_is_renewed(sparring_ingest):
    with Videos(sparring_ingest.base_url, sparring_ingest.client_id, sparring_ingest.client_secret) as client:
        assert "Warming up" in client.titles()
        sparring_ingest.expire("access_token")
        assert "Warming up" in client.titles()
    sparring_ingest.assert_requested("token", times=2, grant_type="client_credentials")
