# The JSON lines of `sparring check --driver session`, and the redirect URI of a program on one's own machine.

require 'json'
require 'socket'
require 'timeout'
require 'uri'

module Session
  module_function

  # The environment's SPARRING_ with that name, or an empty string.
  def setting(name)
    ENV.fetch("SPARRING_#{name}", '')
  end

  # Half of the time that an instruction may take, in seconds.
  def patience
    setting('TIMEOUT').to_f / 2
  end

  # What authenticate() gives is the token's end, in seconds since 1970, or nil; it and call_api() may raise.
  def serve(client)
    out = $stdout.dup
    out.sync = true
    $stdout.reopen($stderr)
    out.puts '{"sparring":"ready","protocol":1}'
    $stdin.each_line do |line|
      told = JSON.parse(line)
      out.puts JSON.generate({ sparring: 'done', id: told['id'] }.merge(obey(client, told)))
      exit!(0) if told['do'] == 'quit'
    end
  end

  def obey(client, told)
    case told['do']
    when 'authenticate' then return { outcome: 'ok', expires_at: client.authenticate(told['fresh']) }
    when 'call_api' then told.fetch('times', 1).times { client.call_api }
    end
    { outcome: 'ok' }
  rescue StandardError => e
    { outcome: 'error', detail: e.class.name }
  end

  # Opens a browser at that address; gives the parameters with which the person comes back.
  def callback_of(address)
    redirect_uri = URI(setting('REDIRECT_URI'))
    server = TCPServer.new(redirect_uri.host, redirect_uri.port)
    Process.detach(spawn(ENV.fetch('BROWSER'), address, out: File::NULL))
    Timeout.timeout(patience) do
      loop do
        target = answered(server.accept, redirect_uri.path)
        return URI.decode_www_form(URI(target).query.to_s).reverse.to_h if target # of two, the first
      end
    end
  ensure
    server&.close
  end

  def answered(socket, path)
    target = socket.gets.to_s.split[1].to_s
    nil until socket.gets.to_s.strip.empty?
    found = target.split('?').first == path
    status, text = found ? ['200 OK', 'You can close this window.'] : ['404 Not Found', 'Not here.']
    socket.print "HTTP/1.1 #{status}\r\nContent-Type: text/plain\r\nReferrer-Policy: no-referrer\r\n" \
                 "Content-Length: #{text.bytesize}\r\nConnection: close\r\n\r\n#{text}"
    target if found
  ensure
    socket.close
  end
end
