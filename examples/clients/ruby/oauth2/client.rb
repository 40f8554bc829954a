# The gem oauth2: client_credentials, auth_code and refresh!, as its README shows. The caller compares the state.

require 'oauth2'
require 'securerandom'
require_relative '../session'

class Client
  HEADERS = { 'ingest' => { 'Accept' => 'application/vnd.ingest.v1+json' } }.freeze

  def initialize
    @client = OAuth2::Client.new(
      Session.setting('CLIENT_ID'),
      Session.setting('CLIENT_SECRET'),
      authorize_url: Session.setting('AUTHORIZE_URL'),
      token_url: Session.setting('TOKEN_URL'),
      connection_opts: { request: { timeout: Session.patience } }
    )
  end

  def authenticate(fresh)
    obtain if fresh || @token.nil?
    @token.expires_at
  end

  def call_api
    obtain if @token.nil?
    renew if @token.expired?
    @token.get(Session.setting('API_URL'), headers: HEADERS.fetch(Session.setting('PROVIDER'), {}).dup)
  end

  private

  def obtain
    @token = if Session.setting('GRANT') == 'client_credentials'
               @client.client_credentials.get_token(scope: Session.setting('SCOPE'))
             else
               sign_in
             end
  end

  def renew
    if @token.refresh_token
      @token = @token.refresh!
    else
      obtain
    end
  end

  def sign_in
    state = SecureRandom.hex(16)
    redirect_uri = Session.setting('REDIRECT_URI')
    address = @client.auth_code.authorize_url(redirect_uri: redirect_uri, scope: Session.setting('SCOPE'), state: state)
    callback = Session.callback_of(address)
    raise 'the callback is not of this sign-in' unless callback['state'] == state
    raise 'the callback has no code' unless callback['code']

    @client.auth_code.get_token(callback['code'], redirect_uri: redirect_uri)
  end
end

Session.serve(Client.new)
