-- One batch of operations on records and counters, atomic as a whole. ARGV holds the operations one after another, each a
-- letter and its arguments; the reply has one element for each. All keys begin with the place, which is one hash tag.
--   <kind>:records  hash    key -> encoded record          <kind>:order  sorted set  key by number of first writing
--   <kind>:until    sorted set  key by end                 <kind>:taken  set         keys that were consumed
--   meta            hash    kind -> last number            counters, counters:old  hash  name -> value
--   furnished       string  digest of what it began with
-- The place of a stage as a whole has besides:
--   scene, version  strings: what the stage is set to, and the moment of its last change; news  stream of the versions
--   number          string  number of the last request     recording  stream of exchanges; recorded  bytes of all so far
--   held            set     numbers of the requests that wait at the barrier
--   notes           list    remarks on the recording
local LIFE = 604800 -- seconds of real time without any server: only what nobody closes ends so
local CHUNK = 1000
local PASSING = { 'recording', 'recorded', 'held', 'notes' }

local AT_ONCE = 16 -- exchanges that are forgotten at a time

local function kept(key)
  redis.call('EXPIRE', key, LIFE, 'NX')
end

local function tables(place, kind)
  local base = place .. kind
  return base .. ':records', base .. ':order', base .. ':until', base .. ':taken'
end

local function drop(place, kind, keys)
  local records, order, ends, taken = tables(place, kind)
  for from = 1, #keys, CHUNK do
    local to = math.min(from + CHUNK - 1, #keys)
    redis.call('HDEL', records, unpack(keys, from, to))
    redis.call('ZREM', order, unpack(keys, from, to))
    redis.call('ZREM', ends, unpack(keys, from, to))
    redis.call('SREM', taken, unpack(keys, from, to))
  end
end

local function forget(place, kind, limit, now)
  local _, order, ends = tables(place, kind)
  local dead = redis.call('ZRANGEBYSCORE', ends, '-inf', '(' .. now)
  drop(place, kind, dead)
  local more = math.max(math.floor(limit / 10), 1) - #dead
  if more > 0 then
    drop(place, kind, redis.call('ZRANGE', order, 0, more - 1))
  end
end

local function put(place, kind, key, record, ends_at, limit, now)
  local records, order, ends = tables(place, kind)
  local new = redis.call('HSET', records, key, record) == 1
  if ends_at ~= '' then
    if redis.call('ZADD', ends, ends_at, key) == 1 and redis.call('ZCARD', ends) == 1 then
      kept(ends)
    end
  elseif not new then
    redis.call('ZREM', ends, key)
  end
  if new then
    redis.call('ZADD', order, redis.call('HINCRBY', place .. 'meta', kind, 1), key)
    local size = redis.call('HLEN', records)
    if size == 1 then
      kept(records)
      kept(order)
      kept(place .. 'meta')
    elseif size > tonumber(limit) then
      forget(place, kind, tonumber(limit), now)
    end
  end
  return 1
end

local function take(place, kind, key)
  local records, _, _, taken = tables(place, kind)
  local record = redis.call('HGET', records, key)
  if not record then
    return false
  end
  local first = redis.call('SADD', taken, key)
  kept(taken)
  return { record, first }
end

local function every(place, kind)
  local records, order = tables(place, kind)
  local keys, found = redis.call('ZRANGE', order, 0, -1), {}
  for from = 1, #keys, CHUNK do
    local part = redis.call('HMGET', records, unpack(keys, from, math.min(from + CHUNK - 1, #keys)))
    for index = 1, #part do
      found[#found + 1] = part[index]
    end
  end
  return found
end

-- Counters are in two generations: one that was not asked for while the younger filled up goes with the older.
local function count(place, name, limit, many)
  local young, old = place .. 'counters', place .. 'counters:old'
  local value = redis.call('HINCRBY', young, name, many)
  if value > tonumber(many) then
    return value
  end
  local before = redis.call('HGET', old, name)
  if before then
    value = redis.call('HINCRBY', young, name, before)
    redis.call('HDEL', old, name)
  end
  local size = redis.call('HLEN', young)
  if size == 1 then
    kept(young)
  elseif size >= 5 * tonumber(limit) then
    redis.call('RENAME', young, old)
  end
  return value
end

local function value_of(place, name)
  local young = redis.call('HGET', place .. 'counters', name)
  return tonumber(young or redis.call('HGET', place .. 'counters:old', name) or 0)
end

-- One more, unless there are as many as there may be ('' for no such limit); one less, where there is any.
local function count_below(place, name, limit, most)
  if most ~= '' and value_of(place, name) >= tonumber(most) then
    return false
  end
  return count(place, name, limit, 1)
end

local function take_back(place, name, limit)
  return value_of(place, name) > 0 and count(place, name, limit, -1)
end

local function values(place, from, many)
  local found = {}
  for at = from, from + many - 1 do
    found[#found + 1] = value_of(place, ARGV[at])
  end
  return found
end

local function next_number(place)
  local number = redis.call('INCR', place .. 'number')
  if number == 1 then
    kept(place .. 'number')
  end
  return number
end

-- A request begins: the scene's version, the request's number, and the client of that id at a provider's place.
local function arrive(place, house, kind, client)
  local record = kind ~= '' and redis.call('HGET', house .. kind .. ':records', client)
  return { redis.call('GET', place .. 'version'), next_number(place), record }
end

local function look(place, known)
  local version = redis.call('GET', place .. 'version')
  local scene = version ~= known and redis.call('GET', place .. 'scene')
  return { version, tonumber(redis.call('GET', place .. 'number') or 0), scene }
end

-- Another scene in place of the one of that version ('' for none), and requests are numbered beyond ``least``.
local function set_scene(place, expected, scene, least)
  local before = redis.call('GET', place .. 'version')
  if (before or '') ~= expected then
    return false
  end
  local time = redis.call('TIME')
  local version = string.format('%d%06d', time[1], time[2])
  if before and version <= before then
    version = string.format('%.0f', tonumber(before) + 1)
  end
  redis.call('SET', place .. 'scene', scene, 'EX', LIFE)
  redis.call('SET', place .. 'version', version, 'EX', LIFE)
  if tonumber(redis.call('GET', place .. 'number') or 0) < tonumber(least) then
    redis.call('SET', place .. 'number', least, 'EX', LIFE)
  end
  redis.call('XADD', place .. 'news', 'MAXLEN', 1, '*', 'v', version)
  kept(place .. 'news')
  return version
end

-- Each entry tells how many bytes there were with it, so that those before which there was too much can be found.
local function shorten(stream, total, room)
  while redis.call('XLEN', stream) > 1 do
    local oldest = redis.call('XRANGE', stream, '-', '+', 'COUNT', AT_ONCE)
    local keep = nil
    for index = 1, #oldest do
      if total - tonumber(oldest[index][2][2]) < room then
        keep = oldest[index][1]
        break
      end
    end
    redis.call('XTRIM', stream, 'MINID', keep or oldest[#oldest][1])
    if keep or #oldest < AT_ONCE then
      return
    end
  end
end

local function record(place, number, exchange, limit, room)
  local stream, size = place .. 'recording', #exchange
  local total = redis.call('INCRBY', place .. 'recorded', size)
  if number == '' then
    number = next_number(place)
  end
  redis.call('XADD', stream, 'MAXLEN', '~', limit, '*', 's', total, 'n', number, 'x', exchange)
  if size == total then
    kept(stream)
    kept(place .. 'recorded')
  end
  if math.floor(total / 1048576) ~= math.floor((total - size) / 1048576) and total > tonumber(room) then
    shorten(stream, total, tonumber(room))
  end
  return 1
end

local function lift(place)
  local waiting = redis.call('SCARD', place .. 'held')
  redis.call('DEL', place .. 'held')
  return waiting
end

local function remark(place, note, limit)
  local number = redis.call('HINCRBY', place .. 'meta', 'notes', 1)
  redis.call('RPUSH', place .. 'notes', note)
  redis.call('LTRIM', place .. 'notes', -tonumber(limit), -1)
  kept(place .. 'notes')
  kept(place .. 'meta')
  return number
end

-- What a place begins with: kind, key and record of each, unless these very ones were written already.
local function furnish(place, mark, many, limit, now, at)
  if redis.call('GET', place .. 'furnished') == mark then
    return 0
  end
  for from = at, at + 3 * many - 1, 3 do
    put(place, ARGV[from], ARGV[from + 1], ARGV[from + 2], '', limit, now)
  end
  redis.call('SET', place .. 'furnished', mark, 'EX', LIFE)
  return 1
end

local function all_keys(place)
  local keys = {}
  for _, name in ipairs({ 'meta', 'furnished', 'counters', 'counters:old', 'scene', 'version', 'news', 'number' }) do
    keys[#keys + 1] = place .. name
  end
  for _, name in ipairs(PASSING) do
    keys[#keys + 1] = place .. name
  end
  for _, kind in ipairs(redis.call('HKEYS', place .. 'meta')) do
    for _, key in ipairs({ tables(place, kind) }) do
      keys[#keys + 1] = key
    end
  end
  return keys
end

local function clear(place)
  redis.call('UNLINK', unpack(all_keys(place)))
  return 1
end

local function renew(place)
  for _, key in ipairs(all_keys(place)) do
    redis.call('EXPIRE', key, LIFE)
  end
  return 1
end

local replies, at = {}, 1
while at <= #ARGV do
  local letter, place = ARGV[at], ARGV[at + 1]
  local reply, size
  if letter == 'c' then
    reply, size = count(place, ARGV[at + 2], ARGV[at + 3], ARGV[at + 4]), 5
  elseif letter == 'g' then
    reply, size = redis.call('HGET', place .. ARGV[at + 2] .. ':records', ARGV[at + 3]), 4
  elseif letter == 'p' then
    reply = put(place, ARGV[at + 2], ARGV[at + 3], ARGV[at + 4], ARGV[at + 5], ARGV[at + 6], ARGV[at + 7])
    size = 8
  elseif letter == 't' then
    reply, size = take(place, ARGV[at + 2], ARGV[at + 3]), 4
  elseif letter == 'a' then
    reply, size = arrive(place, ARGV[at + 2], ARGV[at + 3], ARGV[at + 4]), 5
  elseif letter == 'w' then
    reply, size = record(place, ARGV[at + 2], ARGV[at + 3], ARGV[at + 4], ARGV[at + 5]), 6
  elseif letter == 'd' then
    drop(place, ARGV[at + 2], { ARGV[at + 3] })
    reply, size = 1, 4
  elseif letter == 'e' then
    reply, size = every(place, ARGV[at + 2]), 3
  elseif letter == 'f' then
    local many = tonumber(ARGV[at + 3])
    reply, size = furnish(place, ARGV[at + 2], many, ARGV[at + 4], ARGV[at + 5], at + 6), 6 + 3 * many
  elseif letter == 'l' then
    reply, size = look(place, ARGV[at + 2]), 3
  elseif letter == 's' then
    reply, size = set_scene(place, ARGV[at + 2], ARGV[at + 3], ARGV[at + 4]), 5
  elseif letter == 'b' then
    reply, size = redis.call('XRANGE', place .. 'recording', '(' .. ARGV[at + 2], '+', 'COUNT', ARGV[at + 3]), 4
  elseif letter == 'k' then
    reply, size = count_below(place, ARGV[at + 2], ARGV[at + 3], ARGV[at + 4]), 5
  elseif letter == 'u' then
    reply, size = take_back(place, ARGV[at + 2], ARGV[at + 3]), 4
  elseif letter == 'v' then
    local many = tonumber(ARGV[at + 2])
    reply, size = values(place, at + 3, many), 3 + many
  elseif letter == 'h' then
    reply, size = redis.call('SADD', place .. 'held', ARGV[at + 2]), 3
    kept(place .. 'held')
  elseif letter == 'i' then
    reply, size = redis.call('SREM', place .. 'held', ARGV[at + 2]), 3
  elseif letter == 'j' then
    reply, size = lift(place), 2
  elseif letter == 'm' then
    reply, size = remark(place, ARGV[at + 2], ARGV[at + 3]), 4
  elseif letter == 'n' then
    local last = tonumber(redis.call('HGET', place .. 'meta', 'notes') or 0)
    reply, size = { last, redis.call('LRANGE', place .. 'notes', 0, -1) }, 2
  elseif letter == 'o' then
    for _, name in ipairs(PASSING) do
      redis.call('UNLINK', place .. name)
    end
    reply, size = 1, 2
  elseif letter == 'x' then
    reply, size = clear(place), 2
  elseif letter == 'r' then
    reply, size = renew(place), 2
  else
    return redis.error_reply('ERR unknown operation ' .. letter)
  end
  replies[#replies + 1] = reply
  at = at + size
end
return replies
