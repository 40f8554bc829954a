-- One script for every subject and every measure. The task is a Lua table in the file named after "--":
--   mode    "cycle": the values in turn; "once": each value once, then stop; "chain": each answer brings the next value
--   head    pieces of the request line and header, joined by the value of the turn; "{turn}" counts the turns
--   body    pieces of the form, joined by the same value, percent-encoded
--   turn    after how many requests the next turn begins; 0: there are none
-- The last line on stdout is "RESULT " and a JSON object.

local ffi = require("ffi")
ffi.cdef("typedef struct { long seconds; long nanoseconds; } moment; int clock_gettime(int clock, moment *now);")
local MONOTONIC = 1

local task, sent = nil, 0
local threads = {}
local made = {}
started, ended, strange = 0, 0, 0

local function now()
  local moment = ffi.new("moment")
  ffi.C.clock_gettime(MONOTONIC, moment)
  return tonumber(moment.seconds) + tonumber(moment.nanoseconds) / 1e9
end

local function encoded(value)
  return (value:gsub("[^%w%-%._~]", function(c) return string.format("%%%02X", c:byte()) end))
end

local function request_with(value)
  local head, body = table.concat(task.head, value), table.concat(task.body, encoded(value))
  if task.turn > 0 then
    head = head:gsub("{turn}", tostring(math.floor(sent / task.turn)))
  end
  if body ~= "" then
    head = head .. "Content-Length: " .. #body .. "\r\n"
  end
  return head .. "\r\n" .. body
end

local function cycle()
  local index = sent % #task.values + 1
  if task.turn > 0 then
    return request_with(task.values[index])
  end
  made[index] = made[index] or request_with(task.values[index])
  return made[index]
end

local function once()
  if sent == #task.values - 1 then
    ended = now()
    wrk.thread:stop()
  end
  return request_with(task.values[sent + 1] or task.values[#task.values])
end

local function chain()
  return request_with(table.remove(task.values, 1))
end

local function keep_newest(status, _, body)
  local value = body:match('"refresh_token"%s*:%s*"([^"]+)"')
  if status ~= 200 or not value then
    strange = strange + 1
    wrk.thread:stop()
  else
    task.values[#task.values + 1] = value
  end
end

local makers = { cycle = cycle, once = once, chain = chain }

function setup(thread)
  threads[#threads + 1] = thread
end

function init(arguments)
  task = dofile(arguments[1])
  if task.mode == "chain" then
    response = keep_newest -- costs wrk the reading of bodies: so only here
  end
end

function request()
  if sent == 1 then
    started = now() -- wrk itself asks for the first, to look at it
  end
  local text = makers[task.mode]()
  sent = sent + 1
  return text
end

function done(summary, latency)
  local thread = threads[1]
  local seconds = summary.duration / 1e6
  if thread:get("ended") > 0 then
    seconds = thread:get("ended") - thread:get("started")
  end
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"count": %d, "seconds": %.6f, "p50": %.4f, "p99": %.4f, "refused": %d, "broken": %d}\n',
    summary.requests, seconds, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status + thread:get("strange"), errors.connect + errors.read + errors.write + errors.timeout))
end
