<?php
namespace OmsBridge;

/**
 * Idempotency keys: a write with a key happens once, and a repeat is answered with the first result.
 *
 * A key is claimed before the work. A claim without a result is a request that died; the work is then told what the dead
 * one had noted, so that it can adopt what was already written instead of writing it twice.
 */
class Once
{
    const DAYS = 180;
    private $db;

    public function __construct(Db $db)
    {
        $this->db = $db;
    }

    /** $work($note, $resumed): $note(number) remembers a number for a later attempt, $resumed is that number or null. */
    public function run($scope, $key, $body, $lock, $work)
    {
        return $this->alone($scope, $key, $body, $lock, $work, false);
    }

    /** The same, but a repeat is worked on again, also with another body: `$work` is told the number noted first, and whether the first was done, and brings that up to date. */
    public function adopt($scope, $key, $body, $lock, $work)
    {
        return $this->alone($scope, $key, $body, $lock, $work, true);
    }

    private function alone($scope, $key, $body, $lock, $work, $adopts)
    {
        if (!$this->db->lock($lock, 10)) {
            throw Refusal::conflict('Another write is under way; try again.');
        }
        try {
            $result = $this->locked($scope, $key, self::fingerprint($body), $work, $adopts);
        } catch (\Exception $error) {
            $this->db->unlock($lock);
            throw $error;
        } catch (\Throwable $error) {
            $this->db->unlock($lock);
            throw $error;
        }
        $this->db->unlock($lock);
        return $result;
    }

    public function prune()
    {
        $this->db->run('DELETE FROM ' . $this->table() . ' WHERE `created_at` < UTC_TIMESTAMP() - INTERVAL ' . self::DAYS . ' DAY');
    }

    private function locked($scope, $key, $hash, $work, $adopts)
    {
        $where = ' WHERE `scope` = ' . $this->db->quote($scope) . ' AND `request_key` = ' . $this->db->quote($key);
        $row = $this->db->row('SELECT * FROM ' . $this->table() . $where);
        $changed = $row !== null && $row['body_hash'] !== $hash;
        if ($changed && !$adopts) {
            throw Refusal::conflict('The key was used before with another body.', array('key' => $key));
        }
        $done = $row !== null && (int)$row['done'] === 1;
        if ($done && !$adopts) {
            return array('repeated' => true) + json_decode($row['result'], true);
        }
        if ($row === null) {
            $this->db->run('INSERT INTO ' . $this->table() . ' (`scope`, `request_key`, `body_hash`, `done`, `created_at`) VALUES ('
                . $this->db->quote($scope) . ', ' . $this->db->quote($key) . ', ' . $this->db->quote($hash) . ', 0, UTC_TIMESTAMP())');
        }
        $note = function ($number) use ($where) {
            $this->db->run('UPDATE ' . $this->table() . ' SET `object_id` = ' . (int)$number . $where);
        };
        try {
            $result = $work($note, $row === null || $row['object_id'] === null ? null : (int)$row['object_id'], $done);
        } catch (Refusal $refusal) {
            $resumes = $row !== null && $row['object_id'] !== null;
            if (!$done && !($adopts && $resumes)) {
                // Refused means nothing was written, so the key is free again; one that resumes keeps what was half made.
                $this->db->run('DELETE FROM ' . $this->table() . $where);
            }
            throw $refusal;
        }
        $this->db->run('UPDATE ' . $this->table() . ' SET `done` = 1, `body_hash` = ' . $this->db->quote($hash) . ', `result` = ' . $this->db->quote(Json::encode($result)) . $where);
        return array('repeated' => $done && (int)reset($result) === (int)$row['object_id']) + $result;
    }

    private function table()
    {
        return $this->db->table('oms_bridge_key');
    }

    /** The same for two spellings of one body. */
    private static function fingerprint($body)
    {
        return hash('sha256', Json::encode(self::sorted($body)));
    }

    public static function sorted($value)
    {
        if (!is_array($value)) {
            return $value;
        }
        if (array_keys($value) !== range(0, count($value) - 1)) {
            ksort($value);
        }
        return array_map(array('OmsBridge\\Once', 'sorted'), $value);
    }
}
