package Session;

# The JSON lines of `sparring check --driver session`, and the redirect URI of a program on one's own machine.

use strict;
use warnings;

use Exporter qw(import);
use IO::Select;
use IO::Socket::INET;
use JSON::PP;
use URI;

our @EXPORT_OK = qw(setting serve callback_of);

# The environment's SPARRING_ with that name, or an empty string.
sub setting { $ENV{"SPARRING_$_[0]"} // '' }

# A client has authenticate(fresh), which gives the token's end in seconds since 1970 or undef, and call_api; both may die.
sub serve {
    my ($client) = @_;
    open my $out, '>&', \*STDOUT or die $!;
    open STDOUT, '>&', \*STDERR or die $!;
    $out->autoflush(1);
    print {$out} qq({"sparring":"ready","protocol":1}\n);
    while (my $line = <STDIN>) {
        my $told = decode_json($line);
        my %done = eval { obey($client, $told) };
        %done = (outcome => 'error') if $@;
        print {$out} encode_json({ sparring => 'done', id => $told->{id}, %done }), "\n";
        exit 0 if $told->{do} eq 'quit';
    }
    return;
}

sub obey {
    my ($client, $told) = @_;
    if ($told->{do} eq 'authenticate') {
        my $end = $client->authenticate($told->{fresh});
        return (outcome => 'ok', expires_at => defined $end ? $end + 0 : undef);
    }
    if ($told->{do} eq 'call_api') {
        $client->call_api for 1 .. ($told->{times} // 1);
    }
    return (outcome => 'ok');
}

# Opens a browser at that address; gives the parameters with which the person comes back, as a hash.
sub callback_of {
    my ($address) = @_;
    my $redirect_uri = URI->new(setting('REDIRECT_URI'));
    my $server = IO::Socket::INET->new(
        LocalAddr => $redirect_uri->host, LocalPort => $redirect_uri->port, Listen => 5, ReuseAddr => 1,
    ) or die "the redirect URI is taken: $!";
    my $child = fork // die $!;
    if ($child == 0) { close $server; exec $ENV{BROWSER}, "$address" or exit 1 }
    my $end = time + setting('TIMEOUT') / 2;
    while (time < $end) {
        next unless IO::Select->new($server)->can_read(0.5);
        my $target = answered(scalar $server->accept, $redirect_uri->path);
        return first_of_each(URI->new($target)->query_form) if defined $target;
    }
    die "nobody came back from the sign-in page\n";
}

sub first_of_each {
    my (@pairs) = @_;
    my %first;
    while (my ($name, $value) = splice @pairs, 0, 2) { $first{$name} //= $value }
    return %first;
}

sub answered {
    my ($socket, $path) = @_;
    my $target = (split ' ', <$socket> // '')[1] // '';
    while (defined(my $line = <$socket>)) { last if $line =~ /^\r?\n$/ }
    my $found = $target =~ /^\Q$path\E(?:\?|\z)/;
    my ($status, $text) = $found ? ('200 OK', 'You can close this window.') : ('404 Not Found', 'Not here.');
    print {$socket} "HTTP/1.1 $status\r\nContent-Type: text/plain\r\nReferrer-Policy: no-referrer\r\n",
        'Content-Length: ', length $text, "\r\nConnection: close\r\n\r\n$text";
    close $socket;
    return $found ? $target : undef;
}

1;
