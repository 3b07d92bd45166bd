<?php
namespace OmsBridge;

/** Sums of the lower counters into the upper ones, in single statements so that a sale in between is not lost. */
class RollUp
{
    private $db;

    public function __construct(Db $db)
    {
        $this->db = $db;
    }

    /** product.quantity becomes the sum over the option whose value rows are given; of several options the greatest sum. */
    public function products($rowIds)
    {
        if (!$rowIds) {
            return;
        }
        $sums = 'SELECT `product_id`, `option_id`, SUM(GREATEST(`quantity`, 0)) AS s FROM ' . $this->db->table('product_option_value')
            . ' WHERE `product_option_value_id` IN (' . Db::ints($rowIds) . ') GROUP BY `product_id`, `option_id`';
        $this->db->run('UPDATE ' . $this->db->table('product') . ' p JOIN (SELECT x.`product_id`, MAX(x.s) AS q FROM (' . $sums . ') x GROUP BY x.`product_id`) y'
            . ' ON y.`product_id` = p.`product_id` SET p.`quantity` = y.q');
    }

    /** The master and each of its option values become the sum of the variants that carry them. */
    public function masters($masterIds)
    {
        if (!$masterIds) {
            return;
        }
        $variants = $this->db->grouped('SELECT `product_id`, `master_id`, `variant` FROM ' . $this->db->table('product')
            . ' WHERE `master_id` IN (' . Db::ints($masterIds) . ')', 'master_id');
        ksort($variants);
        foreach ($variants as $master_id => $rows) {
            $this->sum('product', '`product_id` = ' . (int)$master_id, Page::column($rows, 'product_id'));
            foreach ($this->carriers($rows) as $value_id => $product_ids) {
                $this->sum('product_option_value', '`product_option_value_id` = ' . (int)$value_id . ' AND `product_id` = ' . (int)$master_id, $product_ids);
            }
        }
    }

    private function sum($table, $where, $product_ids)
    {
        // The derived table lets MySQL read the table it writes.
        $sum = 'SELECT s FROM (SELECT SUM(GREATEST(`quantity`, 0)) AS s FROM ' . $this->db->table('product') . ' WHERE `product_id` IN (' . Db::ints($product_ids) . ')) x';
        $this->db->run('UPDATE ' . $this->db->table($table) . ' SET `quantity` = (' . $sum . ') WHERE ' . $where);
    }

    /** Variants by the option value row they carry. A variant is stored as {option row: value row}; a blank one is not fixed. */
    private function carriers($rows)
    {
        $carriers = array();
        foreach ($rows as $row) {
            $variant = json_decode(html_entity_decode((string)$row['variant'], ENT_QUOTES, 'UTF-8'), true);
            foreach (is_array($variant) ? $variant : array() as $values) {
                foreach ((array)$values as $value_id) {
                    if ((int)$value_id > 0) {
                        $carriers[(int)$value_id][] = (int)$row['product_id'];
                    }
                }
            }
        }
        ksort($carriers);
        return $carriers;
    }
}
