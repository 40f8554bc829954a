<?php

// Guzzle, which is an HTTP client: "Sending form fields" and "Timeout" of its manual. The rest is done by hand.

declare(strict_types=1);

require_once 'GuzzleHttp/autoload.php';
require_once __DIR__ . '/../session.php';

use GuzzleHttp\Client as Http;

use function Session\serve;
use function Session\setting;

final class Client implements Session\Client
{
    private Http $http;
    private ?string $token = null;
    private ?int $end = null;

    public function __construct()
    {
        $this->http = new Http(['timeout' => (float) setting('TIMEOUT') / 2, 'verify' => setting('CA_FILE') ?: true]);
    }

    public function authenticate(bool $fresh): ?int
    {
        if ($fresh || $this->token === null) {
            $this->obtain();
        }
        return $this->end;
    }

    public function callApi(): void
    {
        if ($this->token === null || ($this->end !== null && $this->end <= time())) {
            $this->obtain();
        }
        $headers = ['Authorization' => "Bearer $this->token"];
        if (setting('PROVIDER') === 'ingest') {
            $headers['Accept'] = 'application/vnd.ingest.v1+json';
        }
        $this->http->request('GET', setting('API_URL'), ['headers' => $headers]);
    }

    private function obtain(): void
    {
        $response = $this->http->request('POST', setting('TOKEN_URL'), ['form_params' => [
            'grant_type' => 'client_credentials',
            'client_id' => setting('CLIENT_ID'),
            'client_secret' => setting('CLIENT_SECRET'),
            'scope' => setting('SCOPE'),
        ]]);
        $answer = json_decode((string) $response->getBody(), true, 512, JSON_THROW_ON_ERROR);
        $token = $answer['access_token'] ?? null;
        if (!is_string($token) || $token === '' || strcasecmp((string) ($answer['token_type'] ?? ''), 'Bearer') !== 0) {
            throw new UnexpectedValueException('no token that this client could use');
        }
        $this->token = $token;
        $this->end = isset($answer['expires_in']) ? time() + (int) $answer['expires_in'] : null;
    }
}

serve(new Client());
