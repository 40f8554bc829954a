# The smallest Rails application with Doorkeeper in it: client credentials, revocation, introspection, token info,
# and two guarded addresses. DOORKEEPER_HOME names the unpacked gem; without it, the installed one is taken.

home = ENV["DOORKEEPER_HOME"].to_s
$LOAD_PATH.unshift(File.join(home, "lib")) unless home.empty?
ENV["DATABASE_URL"] = "sqlite3:#{ENV.fetch('FIDELITY_FOLDER')}/doorkeeper.sqlite3"

require "rails"
require "active_record/railtie"
require "action_controller/railtie"
require "doorkeeper"

# A clock that the harness holds, so that lifetimes can be waited for.
class << Time
  attr_accessor :held
  alias_method :machine_now, :now

  def now(**options)
    held ? at(held) : machine_now(**options)
  end
end

class Fidelity < Rails::Application
  config.root = ENV.fetch("FIDELITY_FOLDER")
  config.load_defaults 6.1
  config.eager_load = false
  config.consider_all_requests_local = false
  config.secret_key_base = "of-the-fidelity-application"
  config.logger = Logger.new($stdout, level: Logger::WARN)
  config.hosts.clear
  config.active_record.legacy_connection_handling = false
end

GRANTS = {}
LIFETIMES = {}

Doorkeeper.configure do
  orm :active_record
  default_scopes :partner
  optional_scopes :user
  grant_flows %w[client_credentials]
  access_token_expires_in 7200
  custom_access_token_expires_in { |context| LIFETIMES[context.client.uid] }
  allow_grant_flow_for_client { |flow, client| GRANTS.fetch(client.uid, [flow]).include?(flow) }
end

Fidelity.initialize!

ActiveRecord::Schema.verbose = false
ActiveRecord::Schema.define do
  create_table :oauth_applications, force: true do |t|
    t.string :name, null: false
    t.string :uid, null: false, index: { unique: true }
    t.string :secret, null: false
    t.text :redirect_uri
    t.string :scopes, null: false, default: ""
    t.boolean :confidential, null: false, default: true
    t.timestamps null: false
  end
  create_table :oauth_access_tokens, force: true do |t|
    t.references :resource_owner, index: true
    t.references :application
    t.string :token, null: false, index: { unique: true }
    t.string :refresh_token, index: { unique: true }
    t.integer :expires_in
    t.string :scopes
    t.datetime :created_at, null: false
    t.datetime :revoked_at
    t.string :previous_refresh_token, null: false, default: ""
  end
  create_table :oauth_access_grants, force: true do |t|
    t.references :resource_owner, null: false
    t.references :application, null: false
    t.string :token, null: false, index: { unique: true }
    t.integer :expires_in, null: false
    t.text :redirect_uri, null: false
    t.string :scopes, null: false, default: ""
    t.datetime :created_at, null: false
    t.datetime :revoked_at
  end
end

class PartnersController < ActionController::API
  before_action -> { doorkeeper_authorize! :partner }, only: :register
  before_action -> { doorkeeper_authorize! :user }, only: :others

  # Not the engine's: only so that a user's token can be had over the same address.
  def register
    token = Doorkeeper::AccessToken.create!(
      application_id: doorkeeper_token.application_id, resource_owner_id: 1, expires_in: 259_200, scopes: "user"
    )
    attributes = { access_token: token.token, expires_in: token.expires_in }
    render json: { data: { type: "access_token", attributes: attributes } }
  end

  def others
    response.set_header("X-Application", "own")
    render json: {}
  end
end

# What the harness governs the application with.
class GovernedController < ActionController::API
  def reset
    Doorkeeper::AccessToken.delete_all
    Doorkeeper::Application.delete_all
    [GRANTS, LIFETIMES].each(&:clear)
    Time.held = Time.machine_now.to_f.floor
    render json: {}
  end

  def clock
    Time.held = Time.now.to_r + params.require(:seconds).to_r
    render json: { now: Time.now.to_f }
  end

  def client
    uid = params.require(:client_id)
    one = Doorkeeper::Application.find_or_initialize_by(uid: uid)
    one.assign_attributes(name: params[:name] || one.name || uid, redirect_uri: "https://redirect.example.com/")
    one.secret = params[:secret] if params[:secret]
    one.confidential = !params[:secret].nil? if params.key?(:secret)
    one.scopes = params[:scopes].join(" ") if params.key?(:scopes)
    one.save!(validate: false)
    GRANTS[uid] = params[:grants] if params.key?(:grants)
    LIFETIMES[uid] = params[:lifetime].to_i if params[:lifetime]
    render json: {}
  end

  def remove
    Doorkeeper::Application.find_by!(uid: params.require(:client_id)).destroy!
    render json: {}
  end

  def revoke
    render json: { revoked: Doorkeeper::AccessToken.where(token: params.require(:token)).each(&:revoke).size }
  end
end

Fidelity.routes.draw do
  use_doorkeeper { skip_controllers :authorizations, :applications, :authorized_applications }
  post "/api/partner/v1/register", to: "partners#register"
  scope "/api/partner/v1" do
    %w[
      orders orders/:id styles tracks/:id tracks/:id/artwork tracks/:id/trailers tracks/:id/previews/:style
      tracks/:id/videos tracks/:id/videos/:variant
    ].each { |path| get path, to: "partners#others" }
    %w[
      orders/finalize orders/:id/finalize tracks tracks/:id/artwork tracks/:id/trailers tracks/:id/previews
      tracks/:id/videos
    ].each { |path| post path, to: "partners#others" }
  end
  scope "/governed" do
    post "reset", to: "governed#reset"
    post "clock", to: "governed#clock"
    post "client", to: "governed#client"
    post "remove", to: "governed#remove"
    post "revoke", to: "governed#revoke"
    get "version", to: ->(_env) { [200, {}, ["Doorkeeper #{Doorkeeper::VERSION::STRING}, Rails #{Rails.version}"]] }
  end
end

run Fidelity
