<?php

// The JSON lines of `sparring check --driver session`.

declare(strict_types=1);

namespace Session;

/** What is driven. Whatever it throws is told as an error. */
interface Client
{
    /** Make sure that there is a token; gives its end, in seconds since 1970, or null. */
    public function authenticate(bool $fresh): ?int;

    public function callApi(): void;
}

/** The environment's SPARRING_ with that name, or an empty string. */
function setting(string $name): string
{
    return getenv("SPARRING_$name") ?: '';
}

function serve(Client $client): void
{
    ini_set('display_errors', 'stderr');
    echo '{"sparring":"ready","protocol":1}', "\n";
    while (($line = fgets(STDIN)) !== false) {
        $told = json_decode($line, true);
        $done = ['sparring' => 'done', 'id' => $told['id']] + obey($client, $told);
        echo json_encode($done), "\n";
        if ($told['do'] === 'quit') {
            exit(0);
        }
    }
}

function obey(Client $client, array $told): array
{
    try {
        if ($told['do'] === 'authenticate') {
            return ['outcome' => 'ok', 'expires_at' => $client->authenticate($told['fresh'] ?? false)];
        }
        if ($told['do'] === 'call_api') {
            for ($call = 0; $call < ($told['times'] ?? 1); $call++) {
                $client->callApi();
            }
        }
        return ['outcome' => 'ok'];
    } catch (\Throwable $error) {
        return ['outcome' => 'error', 'detail' => get_class($error)];
    }
}
