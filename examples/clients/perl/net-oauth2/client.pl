# Net::OAuth2::Profile::WebServer, as its manual page and its example show. The caller compares the state.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/..";

use HTTP::Request;
use LWP::UserAgent;
use Net::OAuth2::Profile::WebServer;
use Session qw(setting serve callback_of);

package Client {
    my $agent = LWP::UserAgent->new(timeout => Session::setting('TIMEOUT') / 2);

    sub new { bless {}, shift }

    sub authenticate {
        my ($self, $fresh) = @_;
        $self->sign_in if $fresh || !$self->{token};
        return $self->{token}->expires_at;
    }

    sub sign_in {
        my ($self) = @_;
        my $state = join '', map { sprintf '%08x', rand 2**32 } 1 .. 4;
        my $auth = Net::OAuth2::Profile::WebServer->new(
            client_id        => Session::setting('CLIENT_ID'),
            client_secret    => Session::setting('CLIENT_SECRET'),
            authorize_url    => Session::setting('AUTHORIZE_URL'),
            access_token_url => Session::setting('TOKEN_URL'),
            refresh_token_url => Session::setting('TOKEN_URL'),
            redirect_uri     => Session::setting('REDIRECT_URI'),
            scope            => Session::setting('SCOPE'),
            state            => $state,
            user_agent       => $agent,
        );
        my %callback = Session::callback_of($auth->authorize);
        die "the callback is not of this sign-in\n" if ($callback{state} // '') ne $state;
        die "the callback has no code\n" unless defined $callback{code};
        my $token = $auth->get_access_token($callback{code});
        die 'no token: ' . $token->error . "\n" if $token->error;
        $self->{token} = $token;
        return;
    }

    sub call_api {
        my ($self) = @_;
        $self->sign_in unless $self->{token};
        my $request = HTTP::Request->new(GET => Session::setting('API_URL'));
        $request->header(Accept => 'application/vnd.ingest.v1+json') if Session::setting('PROVIDER') eq 'ingest';
        my $response = $self->{token}->request($request);
        die 'the API answered ' . $response->code . "\n" unless $response->is_success;
        return;
    }
}

serve(Client->new);
