<?php
namespace OmsBridge;

/** The last calls, for the merchant's page. */
class CallLog
{
    const KEPT = 500;
    private $db;

    public function __construct(Db $db)
    {
        $this->db = $db;
    }

    public function add($resource, $method, $status, $code, $milliseconds, $address)
    {
        $this->db->run('INSERT INTO ' . $this->db->table('oms_bridge_call') . ' (`called_at`, `resource`, `method`, `status`, `code`, `ms`, `ip`) VALUES ('
            . time() . ', ' . $this->db->quote(substr($resource, 0, 32)) . ', ' . $this->db->quote(substr($method, 0, 8)) . ', ' . (int)$status . ', '
            . $this->db->quote($code) . ', ' . (int)$milliseconds . ', ' . $this->db->quote(substr($address, 0, 45)) . ')');
        $id = $this->db->lastId();
        if ($id % 50 === 0) {
            $this->db->run('DELETE FROM ' . $this->db->table('oms_bridge_call') . ' WHERE `call_id` < ' . ($id - self::KEPT));
        }
    }

    public function last($count)
    {
        return $this->db->rows('SELECT * FROM ' . $this->db->table('oms_bridge_call') . ' ORDER BY `call_id` DESC LIMIT ' . (int)$count);
    }
}
