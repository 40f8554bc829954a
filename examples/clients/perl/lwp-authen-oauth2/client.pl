# LWP::Authen::OAuth2, built on the fly, as its synopsis shows. The caller compares the state.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/..";

use LWP::Authen::OAuth2;
use LWP::UserAgent;
use Session qw(setting serve callback_of);

package Client {
    my $agent = LWP::UserAgent->new(timeout => Session::setting('TIMEOUT') / 2);

    sub new { bless {}, shift }

    sub authenticate {
        my ($self, $fresh) = @_;
        $self->sign_in if $fresh || !$self->{oauth2};
        return $self->{oauth2}->expires_time;
    }

    sub sign_in {
        my ($self) = @_;
        my $state  = join '', map { sprintf '%08x', rand 2**32 } 1 .. 4;
        my $oauth2 = LWP::Authen::OAuth2->new(
            client_id              => Session::setting('CLIENT_ID'),
            client_secret          => Session::setting('CLIENT_SECRET'),
            authorization_endpoint => Session::setting('AUTHORIZE_URL'),
            token_endpoint         => Session::setting('TOKEN_URL'),
            redirect_uri           => Session::setting('REDIRECT_URI'),
            scope                  => Session::setting('SCOPE'),
            user_agent             => $agent,
        );
        my %callback = Session::callback_of($oauth2->authorization_url(state => $state));
        die "the callback is not of this sign-in\n" if ($callback{state} // '') ne $state;
        die "the callback has no code\n" unless defined $callback{code};
        $oauth2->request_tokens(code => $callback{code});
        $self->{oauth2} = $oauth2;
        return;
    }

    sub call_api {
        my ($self) = @_;
        $self->sign_in unless $self->{oauth2};
        my @accept = Session::setting('PROVIDER') eq 'ingest' ? (Accept => 'application/vnd.ingest.v1+json') : ();
        my $response = $self->{oauth2}->get(Session::setting('API_URL'), @accept);
        die 'the API answered ' . $response->code . "\n" unless $response->is_success;
        return;
    }
}

serve(Client->new);
